"""The way of a file through the pages of imports, without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.import_forms import IMAGE, ODD, SCRIPT, choices, ended, send, send_well, start

if TYPE_CHECKING:
    from tests.site import Site, Visit


def test_a_file_with_odd_columns_goes_all_the_way(own_site: Site, own_planner: Visit) -> None:
    visit = own_planner
    address = send_well(visit, ODD)
    page = visit.get(address)
    assert 'value="iso-8859-1" selected' in page.text
    assert 'value=";" selected' in page.text
    assert choices(page) == {
        "mode": "upsert", "key-0": "external_id", "key-1": "email", "key-2": "first_name",
        "key-3": "last_name", "key-4": "", "key-5": "", "new-0": "asiakasnumero",
        "new-1": "sahkoposti", "new-2": "fornamn", "new-3": "sukunimi", "new-4": "kenkakoko",
        "new-5": "muistiinpano",
    }  # fmt: skip
    assert "Åkerlund" in page.text
    assert "This is not an email address." in page.text
    assert SCRIPT not in page.text
    report = plan_and_apply(own_site, visit, address)
    mend_and_undo(own_site, visit, report)


def plan_and_apply(site: Site, visit: Visit, address: str) -> str:
    """The address of the import that a dry run became."""
    planned = start(visit, address, "plan", **{"key-4": "+", "new-4": "shoe"})
    page = visit.get(planned)
    assert "nothing has been changed yet" in page.text
    assert site.shop.customers() == []
    assert address in page.text

    assert ended(visit, visit.submit(f"{planned}apply/")) == planned
    page = visit.get(planned)
    assert "Records that were rejected" in page.text
    assert visit.get(address).status_code == 404
    found = site.shop.customer("A-1")
    assert found is not None
    assert found["last_name"] == "Åkerlund"
    assert found[f"{site.shop.prefix}shoe"] == "38"
    return planned


def mend_and_undo(site: Site, visit: Visit, report: str) -> None:
    """Send the rejected row again, and take that back."""
    rejected = visit.get(f"{report}rejected/")
    text = rejected.content.decode("windows-1252")
    assert text.startswith("Asiakasnumero;Sähköposti;Förnamn;Sukunimi;Kenkäkoko;Muistiinpano;_rec")
    assert "A 2;eva@example.org" in text
    problems = visit.get(f"{report}problems/").content.decode("utf-8-sig")
    assert "bad_external_id" in problems

    address = send_well(visit, rejected.content.replace(b"A 2", b"A-2"), "rejected.csv")
    page = visit.get(address)
    assert "As you chose the last time" in page.text
    mended = start(visit, address)
    found = site.shop.customer("A-2")
    assert found is not None
    assert found["first_name"] == SCRIPT
    assert found[f"{site.shop.prefix}shoe"] == "37"

    undone = ended(visit, visit.submit(f"{mended}undo/"))
    assert site.shop.customer("A-2") is None
    page = visit.get(undone)
    assert "Removed" in page.text
    assert undone in visit.get(mended).text
    assert "Undo" in visit.get("/imports/").text


def test_text_of_files_and_names_is_never_markup(shop_planner: Visit) -> None:
    cells = ['"' + text.replace('"', '""') + '"' for text in (SCRIPT, IMAGE, "{{ 7*7 }}")]
    body = f"email,{','.join(cells)}\na@example.org,{','.join(cells)}\n"
    for name in (f"{SCRIPT}.csv", f"{IMAGE}.csv"):
        page = visit_page = shop_planner.get(send_well(shop_planner, body.encode(), name))
        assert SCRIPT not in page.text
        assert "<img" not in visit_page.text
        assert "{{ 7*7 }}" in page.text
    lines = f'{{"email": "a@example.org", "first_name": "{SCRIPT}", "{SCRIPT}": "<img src=x>"}}\n'
    address = send_well(shop_planner, lines.encode(), "a.ndjson")
    for page in (
        shop_planner.get(address),
        shop_planner.get(start(shop_planner, address, "plan")),
    ):
        assert SCRIPT not in page.text
        assert "<img" not in page.text


def test_the_same_page_reads_a_file_with_other_characters(shop_planner: Visit) -> None:
    address = send_well(shop_planner, ODD)
    form = {"charset": "utf-8", "delimiter": ";"}
    assert shop_planner.submit(f"{address}reading/", form).status_code == 303
    assert "cannot be read like this: the body is not UTF-8" in shop_planner.get(address).text
    form = {"charset": "iso-8859-1", "delimiter": ","}
    shop_planner.submit(f"{address}reading/", form)
    assert "Choose the column that says who each customer is" in shop_planner.get(address).text
    assert shop_planner.submit(f"{address}reading/", {"charset": "x"}).status_code == 400


def test_a_row_that_is_not_in_its_charset_is_shown_as_rejected(shop_planner: Visit) -> None:
    body = b"email,city\na@example.org,\xc5\n\x81@example.org,Turku\n"
    address = send_well(shop_planner, body)
    page = shop_planner.get(address).text
    assert "bytes that are no characters" in page
    report = start(shop_planner, address)
    assert "bytes that are no characters" in shop_planner.get(report).text


def test_a_mapping_that_cannot_be_is_told_and_nothing_starts(
    shop_site: Site, shop_planner: Visit
) -> None:
    before = shop_site.shop.http.get("/api/imports/").json()["imports"]
    address = send_well(shop_planner, ODD)
    form = choices(shop_planner.get(address)) | {"do": "import", "key-2": "email"}
    reply = shop_planner.submit(address, form)
    assert reply.status_code == 400
    assert "E-mail address can be one column only" in reply.text
    form = dict.fromkeys(form, "") | {"do": "plan"}
    reply = shop_planner.submit(address, form)
    assert reply.status_code == 400
    assert "says who each customer is" in reply.text
    assert shop_site.shop.http.get("/api/imports/").json()["imports"] == before


def test_choices_are_carried_out(own_site: Site, own_planner: Visit) -> None:
    own_site.shop.upload(
        {"external_id": "1", "city": "Oulu", "gender": "female", "first_name": "Ida"},
    )
    body = b"external_id,city,gender,first_name\n1,Turku,,Eva\n2,Espoo,male,Leo\n"
    address = send_well(own_planner, body)
    report = start(own_planner, address, mode="update", clear="1", keep=["city"], **{"key-3": ""})
    assert "updates customers only" in own_planner.get(report).text
    found = own_site.shop.customer("1")
    assert found is not None
    assert (found["city"], found.get("gender"), found["first_name"]) == ("Oulu", None, "Ida")
    assert own_site.shop.customer("2") is None
    strict = start(own_planner, send_well(own_planner, b"email,city\n,x\n"), strict="1")
    assert "rejects a record" in own_planner.get(strict).text


@pytest.mark.parametrize("delimiter", [";", "|"])
@pytest.mark.parametrize(
    ("charset", "codec"),
    [("iso-8859-1", "windows-1252"), ("utf-16", "utf-16"), ("utf-8", "utf-8-sig")],
)
def test_rejected_rows_come_in_the_charset_of_the_file_and_can_be_sent_again(
    shop_site: Site, shop_planner: Visit, charset: str, codec: str, delimiter: str
) -> None:
    body = "Rivi;Paikka;external_id\nx;Äijö \u20ac;E 7\n".replace(";", delimiter)
    address = send_well(shop_planner, body.encode(codec), "e.csv")
    if delimiter == "|":
        shop_planner.submit(f"{address}reading/", {"charset": charset, "delimiter": "|"})
    columns = {"key-0": "", "key-1": "city", "key-2": "external_id"}
    report = start(shop_planner, address, **columns)
    rejected = shop_planner.get(f"{report}rejected/")
    assert rejected.headers["content-type"] == f"text/csv; charset={charset}"
    assert f"Paikka{delimiter}external_id{delimiter}_record" in rejected.content.decode(codec)

    number = f"E7-{charset}-{ord(delimiter)}"
    mended = rejected.content.decode(codec).replace("E 7", number).encode(codec)
    start(shop_planner, send_well(shop_planner, mended, "e.csv"))
    found = shop_site.shop.customer(number)
    assert found is not None
    assert found["city"] == "Äijö \u20ac"


def test_json_with_foreign_keys_is_mapped_and_its_rejected_records_come_as_they_were(
    shop_site: Site, shop_planner: Visit
) -> None:
    body = '{"customers": [{"Kundennummer": "K 1", "Ort": "Bonn"}, {"Kundennummer": "K2"}]}'
    report = start(shop_planner, send_well(shop_planner, body.encode(), "k.json"))
    assert shop_site.shop.customer("K2") is not None
    rejected = shop_planner.get(f"{report}rejected/")
    assert rejected.json()["customers"][0]["Kundennummer"] == "K 1"
    mended = rejected.content.replace(b"K 1", b"K1")
    start(shop_planner, send_well(shop_planner, mended, "k.json"))
    found = shop_site.shop.customer("K1")
    assert found is not None
    assert found["city"] == "Bonn"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04", "save the sheet as CSV"),
        (b'a,"b\n', "is never closed"),
        (b"[{]", "This file cannot be imported"),
    ],
)
def test_a_file_that_is_none_is_told_where_it_was_chosen(
    shop_planner: Visit, content: bytes, said: str
) -> None:
    name = "a.json" if content.startswith(b"[") else "a.csv"
    reply = send(shop_planner, content, name)
    assert reply.status_code == 400
    assert said in reply.text


def test_a_form_without_a_file_or_without_its_token_keeps_nothing(shop_planner: Visit) -> None:
    reply = send(shop_planner, b"", "")
    assert reply.status_code == 400
    for token in ({}, {"_csrf": "0" * 64}):
        files = {"file": ("a.csv", b"email\nx", "text/csv")}
        reply = shop_planner.http.post("/imports/new/", data=token, files=files)
        assert reply.status_code == 403
    headers = {"X-CSRF-Token": "0" * 64, "Content-Type": "application/octet-stream"}
    reply = shop_planner.http.post("/imports/new/", content=b"email\nx", headers=headers)
    assert reply.status_code == 403


def test_a_large_file_streams_in_by_script_and_by_form(shop_planner: Visit) -> None:
    body = b"email\n" + b"".join(b"p%d@example.org\n" % n for n in range(150_000))
    headers = {
        "X-CSRF-Token": shop_planner.csrf_token,
        "Content-Type": "application/octet-stream",
        "X-File-Name": "l%C3%A4nger.csv",
        "HX-Request": "true",
    }
    reply = shop_planner.http.post("/imports/new/", content=body, headers=headers)
    assert reply.status_code == 201
    page = shop_planner.get(reply.headers["location"]).text
    assert "länger.csv" in page
    assert "p19@example.org" in page
    assert shop_planner.get(send_well(shop_planner, body)).status_code == 200
