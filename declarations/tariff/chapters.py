"""Chapters of the schedule in a few plain words, to browse by."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Section(NamedTuple):
    """Chapters that stand together."""

    title: Any
    chapters: tuple[tuple[str, Any], ...]


SECTIONS = (
    Section(_("Animals, plants and food"), (
        ("01", _("Live animals")), ("02", _("Meat")), ("03", _("Fish and seafood")),
        ("04", _("Dairy, eggs, honey")), ("05", _("Other products of animals")), ("06", _("Live plants and flowers")),
        ("07", _("Vegetables")), ("08", _("Fruit and nuts")), ("09", _("Coffee, tea, spices")), ("10", _("Cereals")),
        ("11", _("Flour, malt, starch")), ("12", _("Oil seeds and other seeds")), ("13", _("Gums and resins")),
        ("14", _("Plaiting materials of plants")), ("15", _("Fats and oils")), ("16", _("Meat and fish, prepared")),
        ("17", _("Sugar and sweets")), ("18", _("Cocoa and chocolate")), ("19", _("Bakery, pasta, cereals prepared")),
        ("20", _("Vegetables and fruit, prepared")), ("21", _("Other food")), ("22", _("Drinks and vinegar")),
        ("23", _("Animal feed, food waste")), ("24", _("Tobacco and nicotine")),
    )),
    Section(_("Minerals and chemicals"), (
        ("25", _("Salt, stone, cement")), ("26", _("Ores, slag, ash")), ("27", _("Mineral fuels and oils")),
        ("28", _("Inorganic chemicals")), ("29", _("Organic chemicals")), ("30", _("Medicines")),
        ("31", _("Fertilizers")), ("32", _("Dyes, paints, inks")), ("33", _("Perfume and cosmetics")),
        ("34", _("Soap, waxes, candles")), ("35", _("Glues, starches, enzymes")), ("36", _("Explosives, matches")),
        ("37", _("Photographic goods")), ("38", _("Other chemical products")), ("39", _("Plastics")),
        ("40", _("Rubber")),
    )),
    Section(_("Leather, wood, paper"), (
        ("41", _("Hides and leather")), ("42", _("Leather goods, bags")), ("43", _("Fur")), ("44", _("Wood")),
        ("45", _("Cork")), ("46", _("Basketware")), ("47", _("Wood pulp")), ("48", _("Paper and board")),
        ("49", _("Books and print")),
    )),
    Section(_("Textiles, clothing, shoes"), (
        ("50", _("Silk")), ("51", _("Wool")), ("52", _("Cotton")), ("53", _("Other vegetable fibers")),
        ("54", _("Man-made filaments")), ("55", _("Man-made staple fibers")), ("56", _("Felt, rope, nonwovens")),
        ("57", _("Carpets")), ("58", _("Special fabrics, lace")), ("59", _("Coated fabrics")),
        ("60", _("Knitted fabrics")), ("61", _("Clothing, knitted")), ("62", _("Clothing, not knitted")),
        ("63", _("Other textile articles")), ("64", _("Shoes")), ("65", _("Hats")), ("66", _("Umbrellas, canes")),
        ("67", _("Feathers, artificial flowers")),
    )),
    Section(_("Stone, glass, metals"), (
        ("68", _("Articles of stone, cement")), ("69", _("Ceramics")), ("70", _("Glass")),
        ("71", _("Pearls, gems, precious metals")), ("72", _("Iron and steel")), ("73", _("Articles of iron or steel")),
        ("74", _("Copper")), ("75", _("Nickel")), ("76", _("Aluminum")), ("78", _("Lead")), ("79", _("Zinc")),
        ("80", _("Tin")), ("81", _("Other base metals")), ("82", _("Tools and cutlery")),
        ("83", _("Other articles of metal")),
    )),
    Section(_("Machines, vehicles, instruments"), (
        ("84", _("Machinery and computers")), ("85", _("Electrical and electronic goods")),
        ("86", _("Railway goods, containers")), ("87", _("Vehicles and parts")), ("88", _("Aircraft, spacecraft")),
        ("89", _("Ships and boats")), ("90", _("Optical, measuring, medical instruments")),
        ("91", _("Clocks and watches")), ("92", _("Musical instruments")), ("93", _("Arms and ammunition")),
    )),
    Section(_("Everything else"), (
        ("94", _("Furniture, lamps, bedding")), ("95", _("Toys, games, sports goods")), ("96", _("Other goods")),
        ("97", _("Art, collectors' pieces, antiques")), ("98", _("Special provisions, such as returned goods")),
        ("99", _("Temporary and additional duties")),
    )),
)  # fmt: skip
TITLES = {number: title for section in SECTIONS for number, title in section.chapters}
