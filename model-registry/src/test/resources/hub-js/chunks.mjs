// What the Hub's own package makes of some bytes: node chunks.mjs LENGTH STEP; prints chunks, then the hashes of xorb, file and range
import { fileHash, getChunks, hashToHex, verificationHash, xorbHash } from "@huggingface/xetchunk-wasm";

const [length, step] = process.argv.slice(2).map(Number);
const bytes = new Uint8Array(length);
for (let i = 0, x = 1; i < length; i++) {
	x = (Math.imul(x, 1103515245) + 12345) >>> 0;
	bytes[i] = i % step === 0 ? x >>> 16 : bytes[i - 1];
}
const chunks = getChunks(bytes);
for (const chunk of chunks) console.log(hashToHex(chunk.hash), chunk.length);
console.log(hashToHex(xorbHash(chunks)));
console.log(hashToHex(fileHash(chunks)));
console.log(hashToHex(verificationHash(chunks.map((chunk) => chunk.hash))));
