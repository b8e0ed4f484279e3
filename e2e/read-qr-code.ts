import type { Locator, Page } from "@playwright/test";
import decodeQr from "qr/decode.js";

const DECODED_MS_MAX = 1000;

/** What a camera would read in the picture that is shown there; throws where it is no QR code. `blank` is a page that has opened nothing, and turns the picture into pixels. */
export async function readQrCode(code: Locator, blank: Page): Promise<string> {
  const png = (await code.screenshot()).toString("base64");
  const { width, height, data } = await blank.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context?.drawImage(image, 0, 0);
    return { width: image.width, height: image.height, data: [...(context?.getImageData(0, 0, image.width, image.height).data ?? [])] };
  }, png);
  return decodeQr({ width, height, data: Uint8Array.from(data) }, { timeLimit: DECODED_MS_MAX });
}
