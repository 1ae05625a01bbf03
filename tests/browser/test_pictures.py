"""The quarter's pictures in a browser: legible at every width, on paper beside their tables, and never cut in two."""

from io import BytesIO

import pytest
from pypdf import PdfReader

QUARTER = "/rapporter/kvartal/2021/4?avstamning=2022-01-31&foregaende=2021-10-31"
LEAST_LEGIBLE = 9.5  # pixels
# For each text of a picture: its size on the screen, and how far it reaches past the card that holds it.
SIZES = """() => [...document.querySelectorAll("svg.chart text")].filter(t => t.getClientRects().length).map(text => {
  const svg = text.ownerSVGElement, box = text.getBoundingClientRect();
  const card = svg.closest(".card-box").getBoundingClientRect();
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return {
    text: text.textContent.trim(), pixels: parseFloat(getComputedStyle(text).fontSize) * scale,
    past: Math.max(box.right - card.right, card.left - box.left, box.bottom - card.bottom),
  };
})"""
# Pairs of texts of one picture that lie on each other.
OVERLAPS = """() => [...document.querySelectorAll("svg.chart")].flatMap(svg => {
  const boxes = [...svg.querySelectorAll("text")].map(text => [text.textContent.trim(), text.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], place) => boxes.slice(place + 1)
    .filter(([_, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    .map(([other]) => `${one} on ${other}`));
})"""
BESIDE = """() => [...document.querySelectorAll(".chart-and-table")].map(both => {
  const [picture, table] = both.children;
  return table.getBoundingClientRect().left >= picture.getBoundingClientRect().right;
})"""


TRENDS = ("/trender?per=enhet", "/trender?matt=beslut&per=kategori&till=2022-K1")


@pytest.mark.parametrize("address", TRENDS)
@pytest.mark.parametrize("width", [1280, 1240, 901, 480, 320])
def test_eight_quarters_of_a_register_can_be_read(site, page, width, address):
    page.set_viewport_size({"width": width, "height": 800})
    site.sign_in(page)
    page.goto(site.url(address))
    texts = page.evaluate(SIZES)
    assert len(texts) > 20
    assert [text for text in texts if text["pixels"] < LEAST_LEGIBLE or text["past"] > 0] == []
    assert page.evaluate(OVERLAPS) == []
    tables = "[...document.querySelectorAll('main table')].map(t => t.getBoundingClientRect().right - innerWidth)"
    assert max(page.evaluate(tables)) <= 0
    page.set_viewport_size({"width": 1030, "height": 720})  # an A4 on its side
    page.emulate_media(media="print")
    assert page.evaluate(BESIDE) == [True]
    assert [text for text in page.evaluate(SIZES) if text["pixels"] < LEAST_LEGIBLE or text["past"] > 0] == []


@pytest.mark.parametrize("width", [1280, 900, 768, 480, 320])
def test_every_text_of_a_picture_can_be_read(site, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    site.sign_in(page)
    page.goto(site.url(QUARTER))
    texts = page.evaluate(SIZES)
    assert len(texts) > 30
    assert [text for text in texts if text["pixels"] < LEAST_LEGIBLE or text["past"] > 0] == []
    assert page.evaluate(OVERLAPS) == []


def test_on_paper_each_picture_stands_beside_its_table_and_what_is_pressed_is_gone(site, page):
    page.set_viewport_size({"width": 1030, "height": 720})  # an A4 on its side
    site.sign_in(page)
    page.goto(site.url(QUARTER))
    page.emulate_media(media="print")
    assert page.evaluate(BESIDE) == [True, True]
    assert [text for text in page.evaluate(SIZES) if text["pixels"] < LEAST_LEGIBLE or text["past"] > 0] == []
    for pressed in (".export", "nav.pager", "section[aria-labelledby=andra-dagar]", ".menu"):
        assert not page.locator(pressed).first.is_visible(), pressed


def test_on_paper_a_heading_stands_with_what_it_heads_and_a_total_once(site, page):
    site.sign_in(page)
    page.goto(site.url(QUARTER))
    pages = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages]
    (pictured,) = (text for text in pages if "Klockor i rapporten, kvartal för kvartal" in text)
    assert "2022-01-31" in pictured.partition("kvartal för kvartal")[2]
    assert sum(text.count("K4 2021") for text in pages) >= 9  # in both tables and under each small picture
    page.emulate_media(media="print")
    repeated = "parts => [...new Set(parts.map(part => getComputedStyle(part).display))]"
    assert page.locator("main thead").evaluate_all(repeated) == ["table-header-group"]
    assert page.locator("main tfoot").evaluate_all(repeated) == ["table-row-group"]  # not again on every sheet
