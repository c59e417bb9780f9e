/* The Plan page's form in the browser: its texts are gathered when something is asked of it, and marked when they differ. */
window.dash_clientside = window.dash_clientside || {};
(function () {
  let turn = 0;

  function text(field) {
    const box = field.querySelector("input[type=checkbox]");
    if (box) return box.checked ? "true" : "false";
    const chosen = field.querySelector("input[type=hidden]"); /* a list shows its words and hides its value */
    if (chosen) return chosen.value === field.dataset.blank ? "" : chosen.value;
    const typed = field.querySelector("input");
    return typed ? typed.value : field.textContent;
  }
  function gathered(form) {
    return Object.fromEntries([...form.querySelectorAll("[data-key]")].map((field) => [field.dataset.key, text(field)]));
  }
  function ask(what, subject, texts) {
    turn += 1;
    window.dash_clientside.set_props("plan-form-wish", { data: { what, subject, texts, turn } });
  }
  const isOpen = () => document.getElementById("plan-form-body")?.hidden === false;

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#plan-form [data-form]");
    if (!button) return;
    const what = button.dataset.form === "open" && isOpen() ? "close" : button.dataset.form;
    if (button.dataset.working) { /* a plan can take some seconds: what was said of the one before goes */
      window.dash_clientside.set_props("plan-form-told", { children: button.dataset.working });
      window.dash_clientside.set_props("plan-form-refused", { children: [] });
    }
    ask(what, button.dataset.subject || "", gathered(document.getElementById("plan-form")));
  });
  const mark = (field) => field.classList.toggle("hd-form-moved", text(field).trim() !== field.dataset.own.trim());
  document.addEventListener("input", (event) => {
    const field = event.target.closest("#plan-form [data-own]");
    if (field) mark(field);
  });
  /* The options of a list float beside the page, so a choice is seen once the focus is back. */
  document.addEventListener("focusin", (event) => {
    if (event.target.closest("#plan-form")) document.querySelectorAll("#plan-form [data-own]").forEach(mark);
  });

  window.dash_clientside.form = {
    /* Another run is shown: an open form follows it; what is being typed stays, and is told from the new run. */
    follow: function () {
      const form = document.getElementById("plan-form");
      if (form && isOpen()) ask("follow", "", form.querySelector(".hd-form-moved") ? gathered(form) : {});
    },
  };
})();
