"""What a clerk types, page by page, for one shipment of batteries by sea."""

DAY = "2026-11-24"
TYPED = {
    "file": {"entry_type": "01", "filing_acts": "release,summary", "functional_reference_id": "po4711"},
    "contact": {"contact_name": "Dana Clerk", "contact_phone": "(562) 555-0142"},
    "importer": {},
    "consignee": {"parties_ultimate_consignee_same_as": "importer"},
    "seller": {
        "parties_seller_name": "Shenzhen Battery Co., Ltd.", "parties_seller_address_street": "123 Longhua Road",
        "parties_seller_address_city": "Shenzhen", "parties_seller_address_subdivision": "gd",
        "parties_seller_address_postcode": "518109", "parties_seller_address_country": "China",
    },
    "buyer": {"parties_buyer_same_as": "importer"},
    "ship-to": {"parties_ship_to_same_as": "importer"},
    "consolidator": {},
    "other-parties": {},
    "transport": {
        "transport_mode": "11", "transport_carrier_code": "maeu", "transport_conveyance": "Ever Example",
        "transport_trip": "021e",
    },
    "arrival": {
        "ports_entry": "2709", "ports_unlading": "2709", "dates_estimated_arrival": "24 Nov 2026",
        "dates_import": "11/24/2026", "dates_estimated_entry": DAY, "state_of_destination": "California",
    },
    "bills": {
        "transport_bills_0_master_issuer": "maeu", "transport_bills_0_master_number": "MAEU 2290-4711",
        "transport_bills_0_manifest_quantity_value": "1,200", "transport_bills_0_manifest_quantity_unit": "CTN",
    },
    "containers": {"transport_equipment_0_number": "csqu3054383", "transport_equipment_0_seals": "SL1, SL2"},
    "location": {"location_of_goods_firms": "z123"},
    "security-filing": {"isf_transaction_number": "ZZZ4711", "isf_status": "accepted"},
    "in-bond": {},
    "terms": {"terms_incoterm": "FCA", "terms_place": "Shenzhen", "currency": "US Dollar"},
    "papers": {
        "documents_0_type": "commercial_invoice", "documents_0_number": "INV-4711", "documents_0_date": "Oct 30, 2026",
    },
    "bond": {},
    "payment": {"payment_type": "1"},
    "special": {},
    "statement": {
        "declarant_statement_capacity": "importer_of_record", "declarant_statement_obtained_by": "purchase",
    },
}  # fmt: skip
LINE = {
    "description": "Lithium-ion batteries for electric bicycles", "tariffs_0_hts_number": "8507.60.00 90",
    "origin_country": "China", "export_country": "cn", "export_date": "1 Nov 2026", "foreign_port_of_lading": "57078",
    "gross_mass_kg": "4,600", "valuation_invoice_document": "D1", "valuation_invoice_line": "1",
    "valuation_invoice_value": "$45,000.00", "valuation_invoice_currency": "USD", "valuation_method": "1",
    "manufacturer_name": "Shenzhen Battery Co., Ltd.", "manufacturer_address_street": "123 Longhua Road",
    "manufacturer_address_city": "Shenzhen", "manufacturer_address_subdivision": "GD",
    "manufacturer_address_postcode": "518109", "manufacturer_address_country": "CN", "charges_freight": "450",
    "charges_insurance": "50", "related_parties": "no", "sold_to_same_as": "importer",
}  # fmt: skip
