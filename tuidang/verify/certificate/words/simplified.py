# SPDX-License-Identifier: Apache-2.0
"""The words in Chinese, simplified script."""

from tuidang.verify.certificate.words.advice import Advice

TITLES = {
    "valid": "有效",
    "superseded": "已被取代",
    "revoked": "已撤销",
    "not_ours": "并非本处签发",
    "altered": "已被改动",
    "unreadable": "无法读取",
}

FOUND = {
    "dates_proven": "证明书是真的，日期已由公开日志证实。",
    "dates_by_clock": "证明书是真的。公开日志中有其记录，日期依登记处自己的时钟。",
    "dates_stated": "证明书是真的。日期为签发方的陈述：所查内容没有附带日期证明。",
    "policy_changed": "证明书是真的。日期为签发方的陈述：所附证明相符，"
    "但现行规则要求的见证方与当时签署者不同。",
    "dates_follow": "证明书是真的，但暂时没有日期：日期证明随后补发。",
    "superseded": "签发方已用新的证明书取代这一份。",
    "revoked": "签发方已撤销这份证明书。",
    "status_unknown": "签发方为这份证明书标注的状态，本程序不认识。",
    "unknown_issuer": "签名所用的密钥，不在您的信任清单所列的签发方密钥之中。",
    "key_not_in_force": "在所写的签发日期，签名所用的密钥并未启用或已经停用。",
    "pdf_signer_unknown": "PDF 有签名，但签名者不是您的信任清单里的签发方。",
    "signature": "签发方的签名与证明书的内容不符。",
    "algorithm": "它标明的签名方法，与签发方密钥的方法不同。",
    "unprotected_header": "它在签名范围之外附加了内容。",
    "high_s": "签名被改写成签发方不使用的形式。",
    "not_canonical": "它的写法，签发方从不使用。",
    "trailing_bytes": "证明书末尾之后被加了内容。",
    "duplicate_keys": "有一项内容出现了两次。",
    "huge_length": "它声称的内容比实际的多。",
    "not_cose": "码里的内容不是证明书。",
    "claims": "所载各项不完整、不认识，或者互相矛盾。",
    "leading_zero": "码里的数字以零开头，签发方从不这样写。",
    "proof_unreadable": "文件里的日期证明已损坏。",
    "proof_other_log": "日期证明属于另一个日志，不是签发方的日志。",
    "proof_checkpoint": "日期证明里有签名是假的，或者证明已损坏。",
    "proof_contradicts_log": "日期证明与公开日志为人所见的内容互相矛盾。",
    "proof_leaf": "日期证明属于另一份声明。",
    "proof_fields": "日期证明所揭示的项目，与这种证明书应有的不同。",
    "proof_declared": "日期证明显示的声明方式，与证明书所写的不同。",
    "proof_orgs": "日期证明显示的组织，与证明书所写的不同。",
    "proof_received": "日期证明没有证实这份声明曾被收到。",
    "proof_counted": "日期证明所说的位置上，并没有这份声明。",
    "proof_person": "日期证明属于另一个姓名或另一个出生日期。",
    "proof_link": "日期证明没有证实持有人曾把声明与这个姓名关联。",
    "proof_binding": "关于姓名在最初那天是否已绑定，日期证明与证明书所说不符。",
    "proof_day": "日期证明给出的日期，与证明书所写的不同。",
    "pdf_unreadable": "PDF 已损坏，或者不是按签发方的做法制作的。",
    "pdf_not_signed": "PDF 没有签名：可能是重新打印或另存的，也可能是别人制作的。",
    "pdf_second_signature": "PDF 上有不止一个签名。",
    "pdf_added_to": "PDF 签名之后被添加了内容，或者被截短了。",
    "pdf_signature_form": "PDF 签名的写法，与签发方的写法不同。",
    "pdf_signature": "PDF 在签名之后被改动过。",
    "pdf_revisions": "PDF 制成之后被修改过。",
    "pdf_attachments": "PDF 所附的文件，与证明书应附的不同。",
    "pdf_face": "页面上显示的内容，与证明书所载的不同。",
    "file_unknown": "这个文件不是 PDF，不是图片，也不是码的文字。",
    "file_too_large": "文件太大，无法在这里查验。",
    "picture_unreadable": "图片已损坏，或者格式无法在这里打开。",
    "picture_too_large": "图片的像素太多，无法在这里打开。",
    "picture_too_small": "图片太小，容不下二维码。",
    "no_code": "图片里找不到二维码。",
    "code_unclear": "图片里有二维码，但不清晰或不完整。",
    "several_codes": "图片里有不止一份证明书。",
    "other_code": "图片里的二维码不是证明书的码。",
    "not_a_code": "这段文字不是证明书的码。",
    "code_too_long": "这个码比任何证明书的都长。",
    "code_damaged": "码不完整，或者有输入错误。",
}

ADVICE = {
    "proven": Advice(
        "有一份声明，最迟在所写日期已经记录在案。外部见证方为此签了名：签发方单方面无法倒填日期。",
        "请将姓名和出生日期与身份证件核对。",
    ),
    "clock": Advice(
        "如果登记处的时钟没有错，有一份声明最迟在所写日期已经记录在案：没有外部见证方证实这些日期。",
        "请将姓名和出生日期与身份证件核对。没有见证方的日期有多大分量，由您判断。",
    ),
    "stated": Advice(
        "这些内容由签发方签名。日期是否属实，凭签发方的话。",
        "请与身份证件核对。如果日期重要，请索取 PDF 原件，其中可能附有证明。",
    ),
    "follow": Advice(
        "这些内容由签发方签名，暂时没有写明日期。",
        "如果日期重要，请向持有人索取之后补发的、附有证明的证明书。",
    ),
    "superseded": Advice(
        "内容或日期在此之后可能有所更正。",
        "请向持有人索取新的证明书，再行查验。",
    ),
    "revoked": Advice(
        "签发方不再为这份证明书负责。",
        "请勿采信。请向持有人索取其他证明书。",
    ),
    "not_ours": Advice(
        "它不是出自您所信任的签发方，或者您的信任清单比它旧。",
        "请勿采信。请从您自己的来源取得较新的信任清单，再查验一次。",
    ),
    "altered": Advice(
        "您手中的并非签发方制作的原样，可能是伪造的，也可能在传送中损坏。",
        "请勿采信。请向持有人索取原文件，再行查验。",
    ),
    "pdf_altered": Advice(
        "这个文件并非签发方制作的原文件。有些程序在另存或打印 PDF 时也会造成这种情况。",
        "请勿采信这个文件。请向持有人索取原文件，或者拍下页面上的二维码再行查验。",
    ),
    "proof": Advice(
        "证明书与所附的证明不相配。这个文件并非签发方制作的原样，或者您的信任清单有误。",
        "请勿采信。请向持有人索取原文件，并从您自己的来源取得信任清单。",
    ),
    "picture": Advice(
        "对这份证明书无法作出任何判断，既不能说真，也不能说假。",
        "请从正上方拍摄，清晰、光线均匀，让二维码占画面的一半，一次只拍一页，存为 JPEG 或 PNG。",
    ),
    "large": Advice(
        "对这份证明书无法作出任何判断，既不能说真，也不能说假。",
        "请把照片缩小，或者只裁下二维码。也可以使用持有人收到的 PDF 原件。",
    ),
    "file": Advice(
        "对这份证明书无法作出任何判断，既不能说真，也不能说假。",
        "请使用持有人收到的 PDF 原件、二维码的照片，或者码的全部文字。",
    ),
}
