// Uploads and downloads by Xet: node xet.mjs URL TOKEN CACHE
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as hub from "@huggingface/hub";

const [hubUrl, token] = process.argv.slice(2);
const sent = { xorbBytes: 0, puts: 0 };
const fetchWithToken = async (url, init = {}) => {
	const headers = new Headers(init.headers);
	if (headers.get("Authorization") === "Bearer hf_journey") {
		headers.set("Authorization", `Bearer ${token}`);
	}
	if (String(url).includes("/v1/xorbs/")) sent.xorbBytes += init.body.byteLength;
	if (init.method === "PUT") sent.puts++;
	return fetch(url, { ...init, headers });
};
const at = { hubUrl, accessToken: "hf_journey", fetch: fetchWithToken };
const repo = { type: "model", name: "js/xet" };

// numbers that nothing compresses, and text that everything does
const random = Buffer.alloc(3_000_000);
for (let i = 0, x = 12345n; i < random.length; i++) {
	x = (x * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
	random[i] = Number(x >> 56n);
}
const text = Buffer.from("the same words again and again, a little different: ".repeat(30_000));
const floats = Buffer.from(Float32Array.from({ length: 300_000 }, (_, i) => Math.sin(i / 100)).buffer);

const download = async (path, range) => {
	const blob = await hub.downloadFile({ repo, path, ...at });
	assert.notEqual(blob, null, path);
	return Buffer.from(await (range ? blob.slice(...range) : blob).arrayBuffer());
};
const plain = async (path, headers = {}) => {
	const answer = await fetch(`${hubUrl}/${repo.name}/resolve/main/${path}`, {
		headers: { Authorization: `Bearer ${token}`, ...headers },
	});
	return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
};
const same = (a, b, what) => assert.equal(Buffer.compare(a, b), 0, what);

await hub.createRepo({ repo, ...at });
const contents = { "random.bin": random, "text.bin": text, "floats.bin": floats };
await hub.uploadFiles({
	repo,
	files: Object.entries(contents).map(([path, bytes]) => ({ path, content: new Blob([bytes]) })),
	...at,
});
assert.equal(sent.puts, 0, "nothing was put whole");

for (const [path, bytes] of Object.entries(contents)) {
	const info = await hub.fileDownloadInfo({ repo, path, ...at });
	assert.match(info.xet.hash, /^[0-9a-f]{64}$/);
	same(await download(path), bytes, path + " by Xet");
	same(await download(path, [100_000, 700_001]), bytes.subarray(100_000, 700_001), path + " in part by Xet");
	const whole = await plain(path);
	assert.equal(whole.headers.get("X-Linked-ETag"), `"${createHash("sha256").update(bytes).digest("hex")}"`);
	assert.equal(whole.headers.get("X-Xet-Hash"), info.xet.hash);
	same(whole.body, bytes, path + " plain");
	const part = await plain(path, { Range: "bytes=65530-200000" });
	assert.equal(part.status, 206);
	same(part.body, bytes.subarray(65530, 200001), path + " in part, plain");
}
const [listed] = await hub.pathsInfo({ repo, paths: ["random.bin"], ...at });
assert.match(listed.xetHash, /^[0-9a-f]{64}$/);

// a change in the middle sends what is around it, and nothing else
const before = sent.xorbBytes;
const changed = Buffer.concat([random.subarray(0, 1_500_000), Buffer.from("a change"), random.subarray(1_500_010)]);
await hub.uploadFiles({ repo, files: [{ path: "changed.bin", content: new Blob([changed]) }], ...at });
same(await download("changed.bin"), changed, "the changed file by Xet");
same((await plain("changed.bin")).body, changed, "the changed file, plain");
assert.ok(sent.xorbBytes - before < 600_000, `a change sent ${sent.xorbBytes - before} bytes`);

console.log("journey done");
