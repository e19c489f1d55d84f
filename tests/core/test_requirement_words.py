"""What buyers call the kinds of requirements, and which of them want an answer of ours."""

import pytest

from app.errors import Refused
from app.tenders import pasted
from app.tenders.forms.words import SaidOfKind, read_kind
from bids.kinds import RequirementKind as Kind
from bids.kinds import RequirementStage as Stage


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ska", SaidOfKind(Kind.MUST)),
        ("Skall-krav", SaidOfKind(Kind.MUST)),
        ("ska + bevis", SaidOfKind(Kind.MUST, proof=True)),
        ("BÖR", SaidOfKind(Kind.SCORED)),
        ("Del av annons", SaidOfKind(stage=Stage.NOTICE)),
        ("Ingår i kontraktskatalog", SaidOfKind(stage=Stage.CATALOGUE)),
        ("Kvalificering,  måste uppfyllas", SaidOfKind(Kind.MUST, Stage.QUALIFICATION)),
        (
            "Kontrakt; Markerad för särskild uppföljning",
            SaidOfKind(stage=Stage.CONTRACT, followed_up=True),
        ),
        ("Viktas", SaidOfKind(Kind.SCORED)),
        ("Endast information", SaidOfKind(Kind.INFORMATION)),
        ("Besvaras av köparen", SaidOfKind(Kind.BUYER)),
        ("", SaidOfKind()),
    ],
)
def test_each_kind_of_the_legend_is_known(written, meant):
    assert read_kind(written) == meant


@pytest.mark.parametrize("written", ["kanske", "ska, bör", "kvalificering/kontrakt", "ska eller bör"])
def test_what_means_nothing_or_two_things_is_no_kind(written):
    with pytest.raises(ValueError, match="kind"):
        read_kind(written)


def test_a_stage_alone_decides_the_kind():
    assert SaidOfKind(stage=Stage.CONTRACT).kind_or(Kind.SCORED) is Kind.CONTRACT
    assert SaidOfKind(stage=Stage.NOTICE).kind_or(Kind.SCORED) is Kind.SCORED


def test_all_kinds_can_be_pasted():
    given = pasted.requirements(
        "1.1;kvalificering, ska+bevis;Ekonomi\n2.1;kontraktsvillkor, särskild uppföljning;Leverans\n3;köparen;Datum"
    )
    assert [(new.kind, new.stage, new.proof_required, new.followed_up) for new in given] == [
        (Kind.MUST, Stage.QUALIFICATION, True, False),
        (Kind.CONTRACT, Stage.CONTRACT, False, True),
        (Kind.BUYER, Stage.CONTRACT, False, False),
    ]
    assert [kind for kind in Kind if not kind.wants_answer] == [Kind.INFORMATION, Kind.BUYER]


def test_a_kind_that_is_none_is_named_with_its_line():
    with pytest.raises(Refused, match=r"Rad 2: ”hej” är inget slag"):
        pasted.requirements("1;ska;Ett\n2;hej;Två")
