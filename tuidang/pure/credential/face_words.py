# SPDX-License-Identifier: Apache-2.0
"""The words of a certificate in English and in both Chinese scripts, each written, none converted.

They say what was recorded and never that a membership existed or ended. A word changed here
changes what older certificates are compared with, so that their paper no longer passes: add a
version to the claims instead.

Source: `certificates.md` section 1, which gives the English of "does_not_show" word for word.
"""

ENGLISH = {
    "title": "Certificate of a recorded declaration",
    "label.number": "Number",
    "label.latin_name": "Name",
    "label.chinese_name": "Name in Chinese",
    "label.birth_date": "Date of birth",
    "label.birth_place": "Place of birth",
    "label.orgs": "Organisations named",
    "label.declared_as": "Declared",
    "label.check": "Identity check",
    "label.stated": "Date stated",
    "label.issued": "Issued on",
    "label.issuer": "Issuer",
    "label.branch": "Branch",
    "no_birth_date": "not given; it cannot be looked up by its number",
    "org.1": "Communist Party of China",
    "org.2": "Communist Youth League of China",
    "org.4": "Young Pioneers of China",
    "org.between": "; ",
    "no_orgs": "none named on this certificate",
    "declared.0": "under the person’s own name",
    "declared.1": "under an alias",
    "declared.2": "by another person, on this person’s behalf",
    "declared.alias": "{how}: “{alias}”",
    "declared.recovered": "{how}; recovered without the receipt code",
    "check.S": "Self-stated. No document was examined.",
    "check.R": "Stated by another person on this person’s behalf. Not confirmed by the person.",
    "check.V": "A volunteer saw {document} on {day}. This is not an expert’s examination.",
    "check.P": "Two persons vouch for who this person is.",
    "check.P.day": "Two persons vouched on {day} for who this person is.",
    "document.passport": "a passport",
    "document.id_card": "an identity card",
    "document.travel_document": "a travel document",
    "document.residence_permit": "a residence permit",
    "document.driving_licence": "a driving licence",
    "document.household_register": "a household register",
    "document.other": "another kind of document",
    "stated": "{day} (stated, not proven)",
    "date.bound": "Declaration on record: this name, no later than {received}.",
    "date.apart": "Declaration on record: this name, no later than {linked}; a declaration under"
    " another name, no later than {received}; not shown to be the same person’s.",
    "date.follows": "Declaration on record. The date proof follows.",
    "own_clock": "{day} (by the registry’s own clock)",
    "shows": "This shows that a declaration about the person named above was recorded, as set out"
    " here. What weight it has is for its reader to decide.",
    "does_not_show": "This does not show who its bearer is; compare an identity document. It does"
    " not show that a membership existed, was voluntary, or ended, or when participation stopped."
    " It is not a government document and not legal advice.",
    "proof.attached": "The electronic file carries the proof of the dates from a public log. On"
    " paper alone, or from the code alone, the dates are the issuer’s statement.",
    "proof.none": "This certificate carries no proof of the dates: they are the issuer’s"
    " statement.",
    "proof.follows": "A certificate that carries the date will replace this one.",
    "status": "It may have been corrected or revoked since it was issued: check it before relying"
    " on it.",
    "verify": "To check it, scan this code or use the electronic file.",
    "verifier": "Get the verifier from your agency’s or counsel’s own source, not from an address"
    " that came with this paper: a forged paper brings its own web site.",
    "plain": "This paper carries no electronic proof. All that stands on it is the issuer’s"
    " statement.",
    "look_up": "It can be looked up by its number, the family name and the date of birth. That"
    " look-up tells the issuer’s server which certificate is checked.",
    "no_look_up": "It cannot be looked up by its number, since no date of birth is given.",
}

HANS = {
    "title": "声明记录证明书",
    "label.number": "编号",
    "label.latin_name": "姓名",
    "label.chinese_name": "中文姓名",
    "label.birth_date": "出生日期",
    "label.birth_place": "出生地",
    "label.orgs": "所列组织",
    "label.declared_as": "声明方式",
    "label.check": "身份核对",
    "label.stated": "所称日期",
    "label.issued": "签发日期",
    "label.issuer": "签发方",
    "label.branch": "分部",
    "no_birth_date": "未写明，因此不能按编号查询",
    "org.1": "中国共产党",
    "org.2": "中国共产主义青年团",
    "org.4": "中国少年先锋队",
    "org.between": "、",
    "no_orgs": "本证明书未列明组织",
    "declared.0": "以本人姓名",
    "declared.1": "以化名",
    "declared.2": "由他人代为声明",
    "declared.alias": "{how}：“{alias}”",
    "declared.recovered": "{how}；未凭回执码，经另行核实恢复",
    "check.S": "本人自述，未查看任何证件。",
    "check.R": "由他人代述，未经本人确认。",
    "check.V": "志愿者于{day}看过{document}。这不是专业鉴定。",
    "check.P": "有两人为此人的身份作保。",
    "check.P.day": "{day}，有两人为此人的身份作保。",
    "document.passport": "护照",
    "document.id_card": "身份证",
    "document.travel_document": "旅行证件",
    "document.residence_permit": "居留许可证件",
    "document.driving_licence": "驾驶证",
    "document.household_register": "户口簿",
    "document.other": "其他证件",
    "stated": "{day}（所称，未经证实）",
    "date.bound": "声明已记录在案：此姓名，不晚于{received}。",
    "date.apart": "声明已记录在案：此姓名，不晚于{linked}；另一名字下的一份声明，"
    "不晚于{received}；未证明两者属于同一人。",
    "date.follows": "声明已记录在案。日期证明随后补发。",
    "own_clock": "{day}（依登记处自己的时钟）",
    "shows": "本证明书说明：一份关于上述人士的声明已记录在案，内容如上所列。"
    "其分量由阅读者自行判断。",
    "does_not_show": "本证明书不说明持有此纸的人是谁，请与身份证件比对。"
    "本证明书不说明成员身份曾经存在、出于自愿或"
    "已经终止，也不说明何时停止参与。本证明书不是政府文件，也不是法律意见。",
    "proof.attached": "电子文件附有取自公开日志的日期证明。仅凭纸面或仅凭二维码，"
    "日期只是签发方的陈述。",
    "proof.none": "本证明书未附日期证明：日期只是签发方的陈述。",
    "proof.follows": "载有日期的证明将取代本证明书。",
    "status": "本证明书签发后可能已被更正或撤销，采信之前请先查验。",
    "verify": "查验方法：扫描此码，或使用电子文件。",
    "verifier": "查验工具请从贵机构或律师自己的渠道取得，不要使用随此纸而来的网址："
    "伪造的纸会带来伪造的网站。",
    "plain": "此纸不带任何电子证明，其上所载均为签发方的陈述。",
    "look_up": "可凭编号、姓氏和出生日期查询。这种查询会让签发方的服务器知道查的是哪一份证明书。",
    "no_look_up": "因未写明出生日期，不能按编号查询。",
}

HANT = {
    "title": "聲明記錄證明書",
    "label.number": "編號",
    "label.latin_name": "姓名",
    "label.chinese_name": "中文姓名",
    "label.birth_date": "出生日期",
    "label.birth_place": "出生地",
    "label.orgs": "所列組織",
    "label.declared_as": "聲明方式",
    "label.check": "身分核對",
    "label.stated": "所稱日期",
    "label.issued": "簽發日期",
    "label.issuer": "簽發方",
    "label.branch": "分部",
    "no_birth_date": "未載明，因此無法以編號查詢",
    "org.1": "中國共產黨",
    "org.2": "中國共產主義青年團",
    "org.4": "中國少年先鋒隊",
    "org.between": "、",
    "no_orgs": "本證明書未列明組織",
    "declared.0": "以本人姓名",
    "declared.1": "以化名",
    "declared.2": "由他人代為聲明",
    "declared.alias": "{how}：「{alias}」",
    "declared.recovered": "{how}；未憑回執碼，經另行核實恢復",
    "check.S": "本人自述，未查看任何證件。",
    "check.R": "由他人代述，未經本人確認。",
    "check.V": "志工於{day}看過{document}。這並非專業鑑定。",
    "check.P": "有兩人為此人的身分作保。",
    "check.P.day": "{day}，有兩人為此人的身分作保。",
    "document.passport": "護照",
    "document.id_card": "身分證",
    "document.travel_document": "旅行證件",
    "document.residence_permit": "居留許可證件",
    "document.driving_licence": "駕駛執照",
    "document.household_register": "戶口簿",
    "document.other": "其他證件",
    "stated": "{day}（所稱，未經證實）",
    "date.bound": "聲明已記錄在案：此姓名，不晚於{received}。",
    "date.apart": "聲明已記錄在案：此姓名，不晚於{linked}；另一名字之下的一份聲明，"
    "不晚於{received}；未證明兩者屬於同一人。",
    "date.follows": "聲明已記錄在案。日期證明隨後補發。",
    "own_clock": "{day}（依登記處自己的時鐘）",
    "shows": "本證明書說明：一份關於上述人士的聲明已記錄在案，內容如上所列。"
    "其分量由閱讀者自行判斷。",
    "does_not_show": "本證明書不說明持有此紙的人是誰，請與身分證件比對。"
    "本證明書不說明成員身分曾經存在、出於自願或"
    "已經終止，也不說明何時停止參與。本證明書並非政府文件，亦非法律意見。",
    "proof.attached": "電子檔附有取自公開日誌的日期證明。僅憑紙面或僅憑二維條碼，"
    "日期只是簽發方的陳述。",
    "proof.none": "本證明書未附日期證明：日期只是簽發方的陳述。",
    "proof.follows": "載有日期的證明將取代本證明書。",
    "status": "本證明書簽發後可能已遭更正或撤銷，採信之前請先查驗。",
    "verify": "查驗方法：掃描此條碼，或使用電子檔。",
    "verifier": "查驗工具請從貴機關或律師自己的管道取得，不要使用隨此紙而來的網址："
    "偽造的紙會帶來偽造的網站。",
    "plain": "此紙不帶任何電子證明，其上所載均為簽發方的陳述。",
    "look_up": "可憑編號、姓氏及出生日期查詢。這種查詢會讓簽發方的伺服器得知查的是哪一份證明書。",
    "no_look_up": "因未載明出生日期，無法以編號查詢。",
}

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
