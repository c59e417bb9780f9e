"""Days that several files tell of are a doubt worth telling; rows that were counted once are not."""

from __future__ import annotations

HEADER = "date,model,seller,output_tokens,cost_usd\n"


def test_files_of_different_days_or_sellers_raise_no_doubt(read_exports):
    measured = read_exports(
        {
            "a.csv": HEADER + "2026-10-01,m,openai,1,1\n",
            "b.csv": HEADER + "2026-10-02,m,openai,1,1\n",
            "c.csv": HEADER + "2026-10-01,m,anthropic,1,1\n",
        }
    )
    assert measured.notices == ()


def test_tokens_of_one_file_and_money_of_another_raise_no_doubt(read_exports):
    measured = read_exports(
        {
            "use.csv": "date,model,seller,output_tokens\n2026-10-01,m,openai,1\n",
            "bill.csv": "date,model,seller,cost_usd\n2026-10-01,m,openai,1\n",
        }
    )
    assert measured.notices == ()


def test_the_same_rows_again_raise_no_doubt(read_exports):
    row = "2026-10-01,m,openai,1,1\n"
    measured = read_exports({"a.csv": HEADER + row, "b.csv": HEADER + row + "2026-10-02,m,openai,1,1\n"})
    assert [notice.partition(":")[0] for notice in measured.notices] == ["b.csv"]


def test_many_files_on_many_days_are_one_notice_per_seller_and_kind(read_exports):
    files = {
        f"{name}.csv": HEADER + "".join(f"2026-10-0{day},m,openai,{day}{i},1\n" for day in range(1, 4))
        for i, name in enumerate("abcde")
    }
    tokens, money = read_exports(files).notices
    days = "openai on 3 days from 2026-10-01 to 2026-10-03 are in several files (a.csv, b.csv, c.csv and 2 more)"
    assert tokens.startswith(f"tokens of {days}")
    assert money.startswith(f"money of {days}")
