"""Joint bids as pure values: no web, no database, no session. Usable on its own from a script.

kinds.py     the trade's enums, each with its Swedish label
offer.py     Offer and its parts: frozen values, to_json and from_json
pricing.py   member price + framework fee + margin -> price rows and sums
scoring.py   what the buyer's evaluation model gives us
checks.py    an offer -> its gaps, in words; form_, party_, price_ and requirement_checks.py hold the rules
notice.py    eForms notice XML -> values; notice_*.py and safe_xml.py are its parts
document.py  an offer and its appendices -> HTML -> PDF/UA
appendices.py  uploaded PDFs and pictures: looked through, then set into the bid's own pages
"""
