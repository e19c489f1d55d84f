"""Joint bids as pure values: no web, no database, no session. Usable on its own from a script.

kinds.py       the trade's enums, each with its Swedish label
offer.py       Offer and its parts: frozen values; to_json and from_json (by canonical.py)
pricing.py     member price + transport + framework fee + margin -> price rows and sums
scoring.py     deductions in kronor; evaluation.py sets our bid beside assumed rivals, by any of four models
simulation.py  sums on some lots only, and at other margins and volumes; index_clause.py: a price year by year
capacity.py    which parties carry the rows at the lowest cost (capacity_model.py, HiGHS), or in words why they cannot
capacity_periods.py  a party's weeks over a contract: what rests and what is free, by month and by quarter;
               promised_twice.py says what is asked beyond that, before_leaving.py what must be read of it
proposal.py    such a sharing beside the one that stands, with parts counted at the prices that it leads to
checks.py      an offer -> its gaps (gap.py), in words; form_, party_, price_, cost_ and requirement_checks.py hold the
               rules
legal_forms.py the law of the three ways to bid together, as one table; qualification.py weighs the buyer's figures by
               it, competition.py asks for reasons and other bids, form_choice.py holds the forms side by side
notice.py      eForms notice XML -> values; notice_*.py and safe_xml.py are its parts
document.py    an offer and its appendices -> HTML -> PDF/UA; chapters.py and schedule.py say what stands in it
party_documents.py   what a party signs, and its hash; party_document_pdf.py prints it, signer_checks.py asks who signed
outdated_papers.py   signed papers whose text the bid no longer says, which are no appendix of it
secrecy.py     what is secret and why; masking.py takes it out of an offer, masked_papers.py out of what was signed,
               secrecy_print.py prints the request, names_in.py looks for a secret name in an appendix
budget.py      what a project costs and what is sought of a funder (budget_values.py, budget_view.py); call_checks.py
               and budget_checks.py say what an application lacks, letter_of_intent.py what a partner signs
package.py     the set to upload: names, folders, manifest and checklist; package_sheets.py: what is copied from
press.py       HTML -> PDF/UA with our typeface, for every document of the house
appendices.py  uploaded files: looked through when they come, laid out as sheets when the bid is printed; active.py
               says which PDFs run something by themselves
setting_in.py  each sheet's placeholder.py picture becomes the page itself, when fonts_in.py says that nothing breaks;
               else pictures.py prints the page as a picture
swedish.py     figures and days as a Swede writes them
"""
