"""The builder without script: every button sends all of it, and gives it back changed."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from regulars.services.segments import Segments
from tests.web.html_form import HtmlForm
from tests.web.test_segments import MARKUP, save, text_of

if TYPE_CHECKING:
    import httpx

    from regulars.services.installation import Register
    from tests.site import Site, Visit

CUSTOMERS = (
    {"external_id": "1", "city": "Turku", "country": "FI", "can_email": True, "tags": ["vip"]},
    {"external_id": "2", "city": "Turku", "country": "FI"},
    {"external_id": "3", "city": "Oslo", "country": "NO", "can_email": True},
    {"external_id": "4", "city": "Oslo", "country": "NO", "tags": ["new", "vip"]},
)


@pytest.fixture
def shop(own_site: Site) -> Site:
    """A company with a few customers."""
    own_site.shop.upload(*CUSTOMERS)
    return own_site


class Builder:
    """The builder as somebody without script uses it."""

    def __init__(self, visit: Visit, address: str = "/segments/new/") -> None:
        self.visit = visit
        self.reply: httpx.Response = visit.get(address)
        assert self.reply.status_code == 200, self.reply.text
        self.form = HtmlForm(self.reply.text, "builder")

    def press(self, action: str) -> Builder:
        """Send the form with one of its buttons."""
        name, value = ("step", action) if action.endswith("-row") and action[0] == "n" else (
            "do", action)  # fmt: skip
        self.reply = self.visit.http.post(self.form.action, data=self.form.data((name, value)))
        if self.reply.status_code != 303:
            self.form = HtmlForm(self.reply.text, "builder")
        return self

    def choose(self, number: int, field: str, operator: str, *values: str) -> None:
        """Fill in a row, as far as its inputs take values one by one."""
        self.form.fill(f"n{number}-field", field)
        self.press(f"n{number}-row")
        self.form.fill(f"n{number}-operator", operator)
        self.press(f"n{number}-row")
        for place, value in enumerate(values):
            self.form.fill(f"n{number}-value", value, place)

    @property
    def text(self) -> str:
        """The condition as text."""
        return self.form.value("text")

    def count(self, number: int) -> str:
        """What stands beside a group or row."""
        found = re.search(rf'id="n{number}-count">(.*?)</output>', self.reply.text)
        assert found is not None, self.reply.text
        return text_of(found[1])

    @property
    def whole(self) -> str:
        """How many customers meet all of it."""
        found = re.search(r'class="whole"><strong>(.*?)</strong>', self.reply.text)
        return "" if found is None else found[1]


def test_a_nested_segment_is_built_and_saved_without_script(shop: Site) -> None:
    builder = Builder(shop.sign_in("planner"))
    builder.choose(1, "country", "is", "FI")
    builder.press("recount")
    assert (builder.count(1), builder.whole) == ("2", "2")
    builder.press("add-group 0")
    builder.choose(3, "can_email", "is", "true")
    builder.press("add-row 2")
    builder.choose(4, "tags", "has_any")
    builder.form.tick("n4-value", "vip")
    builder.press("recount")
    assert builder.text == "country = FI and (can_email = true or tags has any (vip))"
    assert [builder.count(number) for number in range(5)] == ["1", "2", "3", "2", "2"]
    said = "Customers where Country is FI and (E-mail permission is true or"
    assert said in unescape(builder.reply.text)
    builder.form.fill("name", "Finns to write to")
    builder.press("save")
    page = shop.sign_in("viewer").get(builder.reply.headers["location"])
    assert "Finns to write to" in page.text
    assert "Customers now 1" in text_of(page.text)


def test_rows_and_groups_are_moved_and_removed(shop: Site) -> None:
    segment = save(shop, "Some", "city = Turku and (country = FI or country = NO)")
    builder = Builder(shop.sign_in("planner"), f"/segments/{segment.id}/edit/")
    builder.press("down 1")
    assert builder.text == "city = Turku or country = FI or country = NO"
    builder.press("up 2").press("remove 4")
    assert builder.text == "city = Turku and country = FI"
    builder.press("remove 1").press("remove 1")
    assert builder.text == ""
    assert builder.whole == ""


def test_text_becomes_rows_and_rows_become_text(shop: Site) -> None:
    builder = Builder(shop.sign_in("planner"))
    builder.form.fill("text", "not (city = Oslo or tags has all (new, vip))\r\nand sample 100 %")
    builder.press("recount")
    assert builder.text == "not (city = Oslo or tags has all (new, vip)) and sample 100 %"
    assert builder.form.value("n1-join") == "none"
    assert builder.form.value("n2-field") == "city"
    assert builder.whole == "2"
    builder.form.fill("n2-value", "Turku")
    builder.press("recount")
    assert builder.text == "not (city = Turku or tags has all (new, vip)) and sample 100 %"
    assert builder.whole == "1"


def test_a_text_that_cannot_be_read_is_told_at_its_place_and_nothing_is_saved(shop: Site) -> None:
    segment = save(shop, "Some", "city = Turku")
    builder = Builder(shop.sign_in("planner"), f"/segments/{segment.id}/edit/")
    builder.form.fill("text", "city = Turku and (country = FI")
    builder.press("save")
    assert builder.reply.status_code == 400
    assert builder.text == "city = Turku and (country = FI"
    assert "(character 31)" in builder.reply.text
    assert 'aria-invalid="true"' in builder.reply.text
    builder.form.fill("text", "city = Turku and contry = FI")
    builder.press("save")
    assert builder.reply.status_code == 400
    assert "There is no such field" in builder.reply.text
    assert condition_of(shop, "Some") == "city = Turku"


def test_an_unfinished_condition_is_not_saved_and_says_where(shop: Site) -> None:
    builder = Builder(shop.sign_in("planner"))
    builder.form.fill("name", "All")
    builder.press("save")
    assert builder.reply.status_code == 400
    assert "Choose a field." in builder.reply.text
    builder.press("remove 1")
    builder.press("save")
    assert builder.reply.status_code == 400
    assert "This group is empty" in builder.reply.text
    builder.press("add-row 0")
    builder.choose(1, "city", "is")
    builder.press("recount")
    assert "value is empty" not in builder.reply.text, "nobody has finished typing"
    builder.press("save")
    assert "value is empty" in builder.reply.text
    assert Segments(shop.server.installation).load(register_of(shop)) == []


def test_a_name_that_is_taken_or_none_is_told_beside_it(shop: Site) -> None:
    save(shop, "VIPs", "tags has any (vip)")
    builder = Builder(shop.sign_in("planner"))
    builder.choose(1, "city", "is", "Turku")
    builder.press("save")
    assert builder.reply.status_code == 400
    assert "A name is 1 to 100 characters." in builder.reply.text
    builder.form.fill("name", "vips")
    builder.press("save")
    assert builder.reply.status_code == 409
    assert "Another segment has this name already" in builder.reply.text
    assert builder.text == "city = Turku", "nothing of it is lost"


def test_two_planners_who_edit_one_segment_are_both_shown(shop: Site) -> None:
    segment = save(shop, "Some", "city = Turku")
    address = f"/segments/{segment.id}/edit/"
    mine = Builder(shop.sign_in("planner"), address)
    theirs = Builder(shop.sign_in("admin"), address)
    theirs.form.fill("n1-value", "Oslo")
    assert theirs.press("save").reply.status_code == 303
    mine.form.fill("n1-value", "Vaasa")
    mine.press("save")
    assert mine.reply.status_code == 409
    said = text_of(mine.reply.text)
    assert f"{shop.email('admin')} saved it just now. Yours was not saved." in said
    assert "city = Oslo" in said
    assert "city = Vaasa" in said
    assert condition_of(shop, "Some") == "city = Oslo"
    save(shop, "Some", "city = Rauma")
    mine.press("overwrite")
    assert mine.reply.status_code == 409, "that one was not seen"
    assert "city = Rauma" in mine.reply.text
    assert mine.press("overwrite").reply.status_code == 303
    assert condition_of(shop, "Some") == "city = Vaasa"


def test_a_segment_that_would_refer_to_itself_is_not_saved(shop: Site) -> None:
    segment = save(shop, "Some", "city = Turku")
    save(shop, "Other", 'segment "Some"')
    builder = Builder(shop.sign_in("planner"), f"/segments/{segment.id}/edit/")
    builder.form.fill("text", 'segment "Other"')
    builder.press("save")
    assert builder.reply.status_code == 400
    assert "refers back to itself" in builder.reply.text


def test_a_script_is_given_counts_and_no_rows_while_somebody_types(shop: Site) -> None:
    segment = save(shop, "Some", "city = Turku and country = FI")
    planner = shop.sign_in("planner")
    builder = Builder(planner, f"/segments/{segment.id}/edit/")
    builder.form.fill("n2-value", "NO")
    data = builder.form.data(("do", "recount")) | {"do": ["count"]}
    reply = planner.http.post(builder.form.action, data=data, headers={"HX-Request": "true"})
    assert reply.status_code == 200
    assert "<html" not in reply.text
    assert 'id="n2-count" hx-swap-oob="true"' in reply.text
    assert 'id="rows"' not in reply.text
    assert "city = Turku and country = NO" in reply.text
    builder.form.fill("text", "city = Oslo")
    data = builder.form.data(("do", "recount")) | {"do": ["count"]}
    reply = planner.http.post(builder.form.action, data=data, headers={"HX-Request": "true"})
    assert 'id="rows" hx-swap-oob="true"' in reply.text
    assert "<textarea" not in reply.text, "somebody is typing there"


def test_viewers_have_no_builder(shop: Site) -> None:
    segment = save(shop, "Some", "city = Turku")
    viewer = shop.sign_in("viewer")
    for address in ("/segments/new/", f"/segments/{segment.id}/edit/"):
        assert viewer.get(address).status_code == 403
        assert viewer.submit(address, {"do": "save", "text": "city is set"}).status_code == 403


@pytest.mark.parametrize("markup", MARKUP)
def test_text_in_the_builder_is_never_taken_for_markup(shop: Site, markup: str) -> None:
    quoted = markup.replace('"', '\\"')
    shop.shop.upload({"external_id": "9", "city": markup, "tags": [markup]})
    save(shop, markup, "city is set")
    condition = f'city = "{quoted}" and tags has any ("{quoted}") and segment "{quoted}"'
    segment = save(shop, f"o{markup}", condition)
    planner = shop.sign_in("planner")
    builder = Builder(planner, f"/segments/{segment.id}/edit/")
    replies = [builder.reply.text, builder.press("add-row 0").reply.text]
    builder.form.fill("text", f"city = {markup} (")
    builder.form.fill("name", markup)
    replies.append(builder.press("save").reply.text)
    for reply in replies:
        assert "alert(1)" in reply
        assert "<script>alert" not in reply
        assert "<img" not in reply


@pytest.mark.parametrize(
    "form", [{"node": "9 row"}, {"node": "0 group", "n0-join": "x"}, {"do": "up x"}, {"do": "up"}]
)
def test_a_form_that_no_page_of_ours_sends_is_refused(planner: Visit, form: dict[str, str]) -> None:
    assert planner.submit("/segments/new/", form).status_code == 400


def register_of(site: Site) -> Register:
    """The register of a company."""
    return site.server.installation.open_register(site.shop.short_name)


def condition_of(site: Site, name: str) -> str:
    """The condition of a segment as it is saved."""
    register = site.server.installation.open_register(site.shop.short_name)
    return Segments(site.server.installation).find(register, name).condition
