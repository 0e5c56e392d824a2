# SPDX-License-Identifier: AGPL-3.0-or-later
"""A receipt's state as JSON. Never a name, a text or an organisation, as on the page."""

import base64
import json
from typing import Any

from tuidang.pure.receipt import Code
from tuidang.registry.declarations.models import Declaration
from tuidang.web.public.receipt_view import LoggedProof, ReceivedProof, receipt_view


def receipt_json(declaration: Declaration, code: Code) -> dict[str, Any]:
    """Write everything that the holder of the code may see."""
    view = receipt_view(declaration, code)
    state = view.declaration
    return {
        "state": state.state,
        "reason": state.reason or None,
        "received_on": state.day.isoformat(),
        "decided_on": state.decided_on.isoformat() if state.decided_on else None,
        "received_in_log": state.received_in_log,
        "withdrawable": state.withdrawable,
        "erased": state.erased,
        "question": view.question or None,
        "persons": [
            {
                "number": person.number,
                "state": person.state,
                "reason": person.reason or None,
                "index": person.leaf_index,
                "corrected_by": person.corrected_by,
            }
            for person in view.persons
        ],
        "mail": [{"kind": piece.kind, "day": piece.day.isoformat()} for piece in state.mail],
        "proofs": {
            "received": [_received(proof) for proof in view.received],
            "logged": [_logged(proof) for proof in view.logged],
            "corrected": [_logged(proof) for proof in view.corrected],
        },
        "corrections": [
            {"person": each.number, "opening": json.loads(each.opening)}
            for each in view.corrections
        ],
        "packet": _packet(declaration) if view.has_packet else None,
    }


def _received(proof: ReceivedProof) -> dict[str, Any]:
    return {
        "person": proof.number,
        "batch": proof.batch,
        "index": proof.index,
        "count": proof.count,
        "path": list(proof.path),
        "r_proof": proof.r_proof,
    }


def _logged(proof: LoggedProof) -> dict[str, Any]:
    return {"person": proof.number, "batch": proof.batch, "proof": proof.proof}


def _packet(declaration: Declaration) -> str | None:
    """Give the packet as it is stored: sealed to the mailbox (age), in base64."""
    packet = declaration.packet
    return base64.b64encode(bytes(packet)).decode() if packet is not None else None
