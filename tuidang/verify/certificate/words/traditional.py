# SPDX-License-Identifier: Apache-2.0
"""The words in Chinese, traditional script."""

from tuidang.verify.certificate.words.advice import Advice

TITLES = {
    "valid": "有效",
    "superseded": "已被取代",
    "revoked": "已撤銷",
    "not_ours": "並非本處簽發",
    "altered": "已遭更動",
    "unreadable": "無法讀取",
}

FOUND = {
    "dates_proven": "證明書是真的，日期已由公開日誌證實。",
    "dates_by_clock": "證明書是真的。公開日誌中有其紀錄，日期依登記處自己的時鐘。",
    "dates_stated": "證明書是真的。日期為簽發方的陳述：所查內容並未附上日期證明。",
    "policy_changed": "證明書是真的。日期為簽發方的陳述：所附證明相符，"
    "但現行規則要求的見證方與當時簽署者不同。",
    "dates_follow": "證明書是真的，但尚無日期：日期證明隨後補發。",
    "superseded": "簽發方已用新的證明書取代這一份。",
    "revoked": "簽發方已撤銷這份證明書。",
    "status_unknown": "簽發方為這份證明書標註的狀態，本程式不認得。",
    "unknown_issuer": "簽署所用的金鑰，不在您的信任清單所列的簽發方金鑰之中。",
    "key_not_in_force": "在所寫的簽發日期，簽署所用的金鑰尚未啟用或已經停用。",
    "pdf_signer_unknown": "PDF 有簽章，但簽署者不是您的信任清單裡的簽發方。",
    "signature": "簽發方的簽章與證明書的內容不符。",
    "algorithm": "它標明的簽署方法，與簽發方金鑰的方法不同。",
    "unprotected_header": "它在簽署範圍之外附加了內容。",
    "high_s": "簽章被改寫成簽發方不使用的形式。",
    "not_canonical": "它的寫法，簽發方從不使用。",
    "trailing_bytes": "證明書末尾之後被加了內容。",
    "duplicate_keys": "有一項內容出現了兩次。",
    "huge_length": "它聲稱的內容比實際的多。",
    "not_cose": "碼裡的內容不是證明書。",
    "claims": "所載各項不完整、無法辨認，或者互相矛盾。",
    "leading_zero": "碼裡的數字以零開頭，簽發方從不這樣寫。",
    "proof_unreadable": "檔案裡的日期證明已損壞。",
    "proof_other_log": "日期證明屬於另一個日誌，不是簽發方的日誌。",
    "proof_checkpoint": "日期證明裡有簽章是假的，或者證明已損壞。",
    "proof_contradicts_log": "日期證明與公開日誌為人所見的內容互相矛盾。",
    "proof_leaf": "日期證明屬於另一份聲明。",
    "proof_fields": "日期證明所揭示的項目，與這種證明書應有的不同。",
    "proof_declared": "日期證明顯示的聲明方式，與證明書所寫的不同。",
    "proof_orgs": "日期證明顯示的組織，與證明書所寫的不同。",
    "proof_received": "日期證明沒有證實這份聲明曾被收到。",
    "proof_counted": "日期證明所說的位置上，並沒有這份聲明。",
    "proof_person": "日期證明屬於另一個姓名或另一個出生日期。",
    "proof_link": "日期證明沒有證實持有人曾把聲明與這個姓名關聯。",
    "proof_binding": "關於姓名在最初那天是否已綁定，日期證明與證明書所說不符。",
    "proof_day": "日期證明給出的日期，與證明書所寫的不同。",
    "pdf_unreadable": "PDF 已損壞，或者不是按簽發方的做法製作的。",
    "pdf_not_signed": "PDF 沒有簽章：可能是重新列印或另存的，也可能是別人製作的。",
    "pdf_second_signature": "PDF 上有不止一個簽章。",
    "pdf_added_to": "PDF 簽署之後被添加了內容，或者被截短了。",
    "pdf_signature_form": "PDF 簽章的寫法，與簽發方的寫法不同。",
    "pdf_signature": "PDF 在簽署之後被更動過。",
    "pdf_revisions": "PDF 製成之後被修改過。",
    "pdf_attachments": "PDF 所附的檔案，與證明書應附的不同。",
    "pdf_face": "頁面上顯示的內容，與證明書所載的不同。",
    "file_unknown": "這個檔案不是 PDF，不是圖片，也不是碼的文字。",
    "file_too_large": "檔案太大，無法在這裡查驗。",
    "picture_unreadable": "圖片已損壞，或者格式無法在這裡開啟。",
    "picture_too_large": "圖片的像素太多，無法在這裡開啟。",
    "picture_too_small": "圖片太小，容不下二維條碼。",
    "no_code": "圖片裡找不到二維條碼。",
    "code_unclear": "圖片裡有二維條碼，但不清晰或不完整。",
    "several_codes": "圖片裡有不止一份證明書。",
    "other_code": "圖片裡的二維條碼不是證明書的碼。",
    "not_a_code": "這段文字不是證明書的碼。",
    "code_too_long": "這個碼比任何證明書的都長。",
    "code_damaged": "碼不完整，或者有輸入錯誤。",
}

ADVICE = {
    "proven": Advice(
        "有一份聲明，最遲在所寫日期已經記錄在案。外部見證方為此簽署：簽發方單方面無法倒填日期。",
        "請將姓名和出生日期與身分證件核對。",
    ),
    "clock": Advice(
        "如果登記處的時鐘沒有錯，有一份聲明最遲在所寫日期已經記錄在案：沒有外部見證方證實這些日期。",
        "請將姓名和出生日期與身分證件核對。沒有見證方的日期有多少分量，由您判斷。",
    ),
    "stated": Advice(
        "這些內容由簽發方簽署。日期是否屬實，憑簽發方的話。",
        "請與身分證件核對。如果日期重要，請索取 PDF 原檔，其中可能附有證明。",
    ),
    "follow": Advice(
        "這些內容由簽發方簽署，尚未寫明日期。",
        "如果日期重要，請向持有人索取之後補發的、附有證明的證明書。",
    ),
    "superseded": Advice(
        "內容或日期在此之後可能有所更正。",
        "請向持有人索取新的證明書，再行查驗。",
    ),
    "revoked": Advice(
        "簽發方不再為這份證明書負責。",
        "請勿採信。請向持有人索取其他證明書。",
    ),
    "not_ours": Advice(
        "它不是出自您所信任的簽發方，或者您的信任清單比它舊。",
        "請勿採信。請從您自己的來源取得較新的信任清單，再查驗一次。",
    ),
    "altered": Advice(
        "您手中的並非簽發方製作的原樣，可能是偽造的，也可能在傳送中損壞。",
        "請勿採信。請向持有人索取原檔案，再行查驗。",
    ),
    "pdf_altered": Advice(
        "這個檔案並非簽發方製作的原檔。有些程式在另存或列印 PDF 時也會造成這種情況。",
        "請勿採信這個檔案。請向持有人索取原檔案，或者拍下頁面上的二維條碼再行查驗。",
    ),
    "proof": Advice(
        "證明書與所附的證明不相配。這個檔案並非簽發方製作的原樣，或者您的信任清單有誤。",
        "請勿採信。請向持有人索取原檔案，並從您自己的來源取得信任清單。",
    ),
    "picture": Advice(
        "對這份證明書無法作出任何判斷，既不能說真，也不能說假。",
        "請從正上方拍攝，清晰、光線均勻，讓二維條碼占畫面的一半，一次只拍一頁，存成 JPEG 或 PNG。",
    ),
    "large": Advice(
        "對這份證明書無法作出任何判斷，既不能說真，也不能說假。",
        "請把相片縮小，或者只裁下二維條碼。也可以使用持有人收到的 PDF 原檔。",
    ),
    "file": Advice(
        "對這份證明書無法作出任何判斷，既不能說真，也不能說假。",
        "請使用持有人收到的 PDF 原檔、二維條碼的相片，或者碼的全部文字。",
    ),
}
