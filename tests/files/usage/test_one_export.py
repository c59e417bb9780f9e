"""One file as it is told: how many rows, of what, from when to when."""

from __future__ import annotations


def test_a_file_tells_its_rows_days_tokens_and_money(read_exports):
    text = (
        "Date,Model,Output Tokens,Cost USD,colour\n2026-10-05,m,5,0.5,red\n2026-10-03,m,6,,blue\n2026-10-04,m,x,9,red\n"
        ",,,,\n2026-10-05,m,5,0.5,red\n"
    )
    file = read_exports({"u.csv": text}).files[0]
    assert (file.file, file.vendor, file.export) == ("u.csv", "generic", "usage")
    assert (file.rows, file.faults, file.repeated) == (4, 1, 1)
    assert (file.first_day, file.last_day) == ("2026-10-03", "2026-10-05")
    assert file.tokens == (0.0, 0.0, 0.0, 11.0)
    assert (file.billed, file.currency) == (0.5, "USD")
    assert file.unknown_columns == ("colour",)


def test_the_faults_name_columns_as_the_file_writes_them(read_exports):
    measured = read_exports({"u.csv": "Date,Model,Output Tokens\n2026-10-05,m,x\n"})
    assert [str(fault) for fault in measured.faults] == [
        "u.csv:2:Output Tokens: found x; expected a number of at least 0"
    ]


def test_tokens_of_an_unknown_cache_are_told_apart(read_exports):
    text = '"Date","Slug","Usage","BYOK Usage","Requests","Prompt Tokens","Completion Tokens","Reasoning Tokens"\n'
    row = '"2026-10-01 00:00:00","openai/gpt-5","0.5","0","3","700","70","7"\n'
    file = read_exports({"activity.csv": text + row}).files[0]
    assert (file.vendor, file.cache_unknown, file.reasoning) == ("openrouter", 700.0, 7.0)


def test_a_file_with_a_header_alone_is_empty_and_not_wrong(read_exports):
    measured = read_exports({"u.csv": "date,model,output_tokens\n"})
    file = measured.files[0]
    assert (file.vendor, file.rows, file.faults, file.billed) == ("generic", 0, 0, None)
    assert measured.usage.keys == ()


def test_too_many_keys_leave_the_whole_file_out(read_exports, monkeypatch):
    from hedgedesk.files.usage import fold

    monkeypatch.setattr(fold, "KEY_CAP", 2)
    rows = "".join(f"2026-10-01,m{i},1\n" for i in range(3))
    measured = read_exports({"u.csv": "date,model,output_tokens\n" + rows})
    assert measured.files[0].tokens == (0.0, 0.0, 0.0, 0.0)
    assert measured.faults[0].found == "more than 2 combinations of seller, model, team, region and tier"
