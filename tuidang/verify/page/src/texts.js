// SPDX-License-Identifier: Apache-2.0
/**
 * The page's own words: English, simplified Chinese, traditional Chinese; each written, none
 * converted. What is said of a finding comes from the checker's table instead (`tuidang-words`).
 */

/** @type {Record<string, [string, string, string]>} */
export const texts = {
  title: ["Check a certificate", "查验证明书", "查驗證明書"],
  lead: [
    "Everything is checked on this device. Nothing is sent anywhere; it also works without a network.",
    "全部查验都在这台设备上进行，不向任何地方发送任何内容；断网也能使用。",
    "全部查驗都在這部裝置上進行，不向任何地方傳送任何內容；離線也能使用。",
  ],
  warning: [
    "A forged paper brings its own web site. Get this page from your agency's or counsel's own source, never from the address on the paper.",
    "伪造的纸会带来伪造的网站。请从贵机构或您的律师自己的来源取得本页，切勿使用纸上的网址。",
    "偽造的紙會帶來偽造的網站。請從貴機關或您的律師自己的來源取得本頁，切勿使用紙上的網址。",
  ],
  choose: ["Choose a PDF, photo or text file", "选择 PDF、照片或文本文件", "選擇 PDF、照片或文字檔"],
  drop: ["or drop it anywhere on this page", "或把文件拖到本页任何位置", "或將檔案拖到本頁任何位置"],
  camera: ["Scan with the camera", "用摄像头扫描", "用相機掃描"],
  camera_stop: ["Stop the camera", "关闭摄像头", "關閉相機"],
  camera_hint: [
    "Hold the square code still, sharp and filling half of the picture.",
    "请拿稳，让二维码清晰并占画面的一半。",
    "請拿穩，讓二維條碼清晰並佔畫面的一半。",
  ],
  camera_other: [
    "This code is not that of a certificate.",
    "这不是证明书上的码。",
    "這不是證明書上的碼。",
  ],
  camera_none: [
    "No camera can be used here. Take a photo and choose it as a file.",
    "此处无法使用摄像头。请拍照后选择该照片文件。",
    "此處無法使用相機。請拍照後選擇該照片檔。",
  ],
  paste: ["Or paste the text of the code", "或粘贴码的文字", "或貼上碼的文字"],
  check: ["Check", "查验", "查驗"],
  checking: ["Checking…", "正在查验……", "正在查驗……"],
  failed: [
    "This browser could not finish the check. That says nothing about the certificate; try a newer browser.",
    "此浏览器未能完成查验。这并不说明证明书真伪；请换用较新的浏览器。",
    "此瀏覽器未能完成查驗。這並不說明證明書真偽；請換用較新的瀏覽器。",
  ],
  as_of: ["as of", "截至", "截至"],
  old_bundle: [
    "The trust bundle is older than 30 days, or does not tell the status of this certificate. Fetch a newer one to know whether it was revoked since.",
    "信任清单已超过三十天，或者没有这份证明书的状态。请取得较新的清单，以确定此后是否被撤销。",
    "信任清單已超過三十天，或者沒有這份證明書的狀態。請取得較新的清單，以確定此後是否遭撤銷。",
  ],
  details: ["Everything that stands on it", "证明书上的全部内容", "證明書上的全部內容"],
  technical: ["How it was checked", "如何查验", "如何查驗"],
  dates_proven: ["Dates: proven by the public log", "日期：由公开日志证实", "日期：由公開日誌證實"],
  dates_by_clock: [
    "Dates: in the public log, by the registry's own clock",
    "日期：载于公开日志，依登记处自己的时钟",
    "日期：載於公開日誌，依登記處自己的時鐘",
  ],
  dates_stated: ["Dates: the issuer's statement", "日期：签发方的陈述", "日期：簽發方的陳述"],
  dates_follow: ["Dates: the proof follows", "日期：证明随后补发", "日期：證明隨後補發"],
  entry: ["Entry in the public log", "公开日志中的条目", "公開日誌中的條目"],
  orgs_proven: ["Organisations proven too", "组织也已证实", "組織也已證實"],
  yes: ["yes", "是", "是"],
  no: ["no", "否", "否"],
  fingerprint: ["Issuer's key", "签发方密钥", "簽發方金鑰"],
  reason: ["Reason code", "原因代码", "原因代碼"],
  bundle: ["Whom this page believes", "本页信任谁", "本頁信任誰"],
  bundle_log: ["Log", "日志", "日誌"],
  bundle_day: ["Trust bundle of", "信任清单日期", "信任清單日期"],
  bundle_number: ["number", "编号", "編號"],
  bundle_key: ["Log's key", "日志密钥", "日誌金鑰"],
  bundle_newer: [
    "Use a newer trust bundle (trust.note)",
    "使用较新的信任清单（trust.note）",
    "使用較新的信任清單（trust.note）",
  ],
  bundle_none: [
    "This page holds no trust bundle, so it cannot tell whose signature a certificate bears. Get a file trust.note from your own source and choose it here.",
    "本页没有信任清单，因此无法判断证明书由谁签名。请从您自己的来源取得 trust.note 文件并在此选择。",
    "本頁沒有信任清單，因此無法判斷證明書由誰簽名。請從您自己的來源取得 trust.note 檔並在此選擇。",
  ],
  bundle_taken: ["The newer trust bundle is in use.", "已改用较新的信任清单。", "已改用較新的信任清單。"],
  bundle_older: [
    "Refused: this trust bundle is older than the one in use.",
    "拒绝：此信任清单比正在使用的更旧。",
    "拒絕：此信任清單比正在使用的更舊。",
  ],
  bundle_refused: [
    "Refused: this is not a trust bundle signed by the log that this page believes.",
    "拒绝：这不是由本页所信任的日志签名的信任清单。",
    "拒絕：這不是由本頁所信任的日誌簽名的信任清單。",
  ],
  this_page: ["Is this page the right one?", "这个页面本身可靠吗？", "這個頁面本身可靠嗎？"],
  page_hash: [
    "A page cannot vouch for itself. Save it as verify.html and compute the SHA-256 of its fixed part on a computer that you trust:",
    "页面不能为自己作证。请将它保存为 verify.html，在您信任的计算机上计算固定部分的 SHA-256：",
    "頁面不能為自己作證。請將它存為 verify.html，在您信任的電腦上計算固定部分的 SHA-256：",
  ],
  page_where: [
    "The result must equal the value that your agency or counsel has on record. It also stands in the public log, as the note of kind 2 (verifying page) of the log named above. What follows the fixed part is the trust bundle, which changes from day to day and is signed.",
    "结果须与贵机构或您的律师存档的数值一致。该数值也记在上述公开日志中，即种类 2（查验页）的备注条目。固定部分之后是逐日更新并经签名的信任清单。",
    "結果須與貴機關或您的律師存檔的數值一致。該數值也記在上述公開日誌中，即種類 2（查驗頁）的備註條目。固定部分之後是逐日更新並經簽名的信任清單。",
  ],
  keep: [
    "This file works from a memory stick, with the network off.",
    "此文件可存入 U 盘，断网使用。",
    "此檔可存入隨身碟，離線使用。",
  ],
  no_script: [
    "This page needs JavaScript. Without it, use the command tuidang-verify, or the upload on the registry's web site.",
    "本页需要 JavaScript。没有 JavaScript 时，请使用命令 tuidang-verify，或登记处网站上的上传查验。",
    "本頁需要 JavaScript。沒有 JavaScript 時，請使用命令 tuidang-verify，或登記處網站上的上傳查驗。",
  ],
};
