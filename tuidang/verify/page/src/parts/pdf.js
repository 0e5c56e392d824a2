// SPDX-License-Identifier: Apache-2.0
/**
 * Reads a PDF that the issuer has signed: the words on its one page, and the files attached.
 * PDF.js runs here without a worker of its own: a page on a memory stick may not start one.
 */

import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import * as worker from "pdfjs-dist/legacy/build/pdf.worker.mjs";

globalThis.pdfjsWorker = worker;

async function read(data) {
  const task = getDocument({
    data: data.slice(), // the reader takes its copy away
    disableFontFace: true,
    isEvalSupported: false,
    stopAtErrors: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    verbosity: 0,
  });
  try {
    const found = await task.promise;
    if (found.numPages !== 1) return null;
    const page = await found.getPage(1);
    const { items } = await page.getTextContent({ disableNormalization: true });
    const names = [...(await found.getAttachments() ?? new Map()).keys()];
    return {
      text: items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join(""),
      attached: await Promise.all(names.map(async (name) => (
        { name, content: await found.getAttachmentContent(name) }))),
    };
  } catch {
    return null;
  } finally {
    await task.destroy();
  }
}

globalThis.tuidangPdf = { read };
