# SPDX-License-Identifier: Apache-2.0
"""The words in English."""

from tuidang.verify.certificate.words.advice import Advice

TITLES = {
    "valid": "Valid",
    "superseded": "Superseded",
    "revoked": "Revoked",
    "not_ours": "Not ours",
    "altered": "Altered",
    "unreadable": "Cannot be read",
}

FOUND = {
    "dates_proven": "The certificate is genuine, and its dates are proven by the public log.",
    "dates_by_clock": "The certificate is genuine. The public log holds what it dates, by the"
    " registry's own clock.",
    "dates_stated": "The certificate is genuine. Its dates are the issuer's statement: what was"
    " checked brings no proof of them.",
    "policy_changed": "The certificate is genuine. Its dates are the issuer's statement: the proof"
    " fits, but today's rules ask for other witnesses than those who signed it.",
    "dates_follow": "The certificate is genuine. It gives no date yet: the date proof follows.",
    "superseded": "The issuer has replaced this certificate by a newer one.",
    "revoked": "The issuer has revoked this certificate.",
    "status_unknown": "The issuer gives this certificate a status that this program does not know.",
    "unknown_issuer": "The key that signed it is not a key of the issuer in your trust bundle.",
    "key_not_in_force": "The key that signed it was not in use on the day of issue that it states.",
    "pdf_signer_unknown": "The PDF is signed, but not by the issuer in your trust bundle.",
    "signature": "The issuer's signature does not fit what the certificate says.",
    "algorithm": "It names another way of signing than the issuer's key has.",
    "unprotected_header": "It carries additions outside of what is signed.",
    "high_s": "The signature was rewritten into a form that the issuer does not use.",
    "not_canonical": "It is written in a way in which the issuer never writes.",
    "trailing_bytes": "Something was added after the end of the certificate.",
    "duplicate_keys": "A field occurs twice.",
    "huge_length": "It announces more content than it has.",
    "not_cose": "What the code holds is not a certificate.",
    "claims": "Its fields are incomplete, unknown, or contradict each other.",
    "leading_zero": "The number in the code begins with a zero, which the issuer never writes.",
    "proof_unreadable": "The date proof in the file is damaged.",
    "proof_other_log": "The date proof belongs to another log than the issuer's.",
    "proof_checkpoint": "A signature in the date proof is false, or the proof is damaged.",
    "proof_contradicts_log": "The date proof contradicts what the public log was seen to hold.",
    "proof_leaf": "The date proof belongs to another declaration.",
    "proof_fields": "The date proof shows other fields than a certificate of this kind does.",
    "proof_declared": "The date proof shows that it was declared in another way than stated.",
    "proof_orgs": "The date proof shows other organisations than the certificate.",
    "proof_received": "The date proof does not show that the declaration was received.",
    "proof_counted": "The date proof does not show the declaration where it says that it stands.",
    "proof_person": "The date proof is for another name or another date of birth.",
    "proof_link": "The date proof does not show that the holder linked the declaration to the"
    " name.",
    "proof_binding": "The date proof does not show what is said of the name on the first day.",
    "proof_day": "The date proof gives another date than the certificate.",
    "pdf_unreadable": "The PDF is damaged, or not made as the issuer makes them.",
    "pdf_not_signed": "The PDF carries no signature: it was printed or saved anew, or made by"
    " somebody else.",
    "pdf_second_signature": "The PDF carries more than one signature.",
    "pdf_added_to": "Something was added to the PDF after it was signed, or cut off.",
    "pdf_signature_form": "The signature of the PDF is not written as the issuer writes it.",
    "pdf_signature": "The PDF was changed after it was signed.",
    "pdf_revisions": "The PDF has been changed since it was made.",
    "pdf_attachments": "The PDF has other files attached than the certificate needs.",
    "pdf_face": "What the page shows is not what the certificate says.",
    "file_unknown": "The file is not a PDF, not a picture and not the text of a code.",
    "file_too_large": "The file is too large to be checked here.",
    "picture_unreadable": "The picture is damaged, or of a kind that cannot be opened here.",
    "picture_too_large": "The picture has too many pixels to be opened here.",
    "picture_too_small": "The picture is too small for the square code to be in it.",
    "no_code": "There is no square code to be found in the picture.",
    "code_unclear": "There is a square code in the picture, but it is not sharp or whole.",
    "several_codes": "There is more than one certificate in the picture.",
    "other_code": "The square code in the picture is not that of a certificate.",
    "not_a_code": "The text is not the code of a certificate.",
    "code_too_long": "The code is longer than that of any certificate.",
    "code_damaged": "The code is incomplete, or has a typing error.",
}

ADVICE = {
    "proven": Advice(
        "A declaration was recorded no later than the dates given. Outside witnesses have signed"
        " this: the issuer alone cannot have set the dates back.",
        "Compare name and date of birth with an identity document.",
    ),
    "clock": Advice(
        "A declaration was recorded no later than the dates given, if the registry's clock was"
        " right: no outside witness has confirmed them.",
        "Compare name and date of birth with an identity document. How much the dates weigh without"
        " a witness is yours to decide.",
    ),
    "stated": Advice(
        "The issuer signed this content. That the dates are true rests on the issuer's word.",
        "Compare with an identity document. If dates matter, ask for the original PDF: it may"
        " bring the proof.",
    ),
    "follow": Advice(
        "The issuer signed this content. No date is shown yet.",
        "If dates matter, ask the holder for the later certificate, which brings the proof.",
    ),
    "superseded": Advice(
        "Content or dates may have been corrected since.",
        "Ask the holder for the newer certificate, and check that.",
    ),
    "revoked": Advice(
        "The issuer does not stand by this certificate any more.",
        "Do not rely on it. Ask the holder for another certificate.",
    ),
    "not_ours": Advice(
        "It does not come from the issuer whom you trust, or your trust bundle is older than it.",
        "Do not rely on it. Fetch a newer trust bundle from a source of your own, and check again.",
    ),
    "altered": Advice(
        "What you have is not what the issuer made. It may be forged, or damaged on its way.",
        "Do not rely on it. Ask the holder for the original file, and check that.",
    ),
    "pdf_altered": Advice(
        "This file is not the one that the issuer made. Programs also do this when they save or"
        " print a PDF anew.",
        "Do not rely on this file. Ask the holder for the original file, or take a photo of the"
        " square code on the page and check that.",
    ),
    "proof": Advice(
        "The certificate and the proof beside it do not belong together. The file is not what the"
        " issuer made, or your trust bundle is wrong.",
        "Do not rely on it. Ask the holder for the original file, and get your trust bundle from a"
        " source of your own.",
    ),
    "picture": Advice(
        "Nothing can be said about this certificate, neither good nor bad.",
        "Take the photo from straight above, sharp, in even light, so that the square code fills"
        " half of the picture; one page only. Save it as JPEG or PNG.",
    ),
    "large": Advice(
        "Nothing can be said about this certificate, neither good nor bad.",
        "Make the photo smaller, or cut it to the square code. Or take the PDF as the holder"
        " received it.",
    ),
    "file": Advice(
        "Nothing can be said about this certificate, neither good nor bad.",
        "Take the PDF as the holder received it, a photo of the square code, or the whole text of"
        " the code.",
    ),
}
