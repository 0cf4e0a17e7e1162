// The real @huggingface/gguf parser over the routes of files: node gguf.mjs URL TOKEN FOLDER TOKEN_OF_NOBODY
import assert from "node:assert/strict";
import { gguf, ggufAllShards, GGMLQuantizationType } from "@huggingface/gguf";
import * as hub from "@huggingface/hub";

const [hubUrl, token, , nobody] = process.argv.slice(2);
const headers = { Authorization: "Bearer hf_journey" };
// what a gateway does with keys
const plainFetch = globalThis.fetch;
const withToken = (url, init = {}) => {
	const changed = new Headers(init.headers);
	const sent = changed.get("Authorization");
	if (sent === "Bearer hf_journey") changed.set("Authorization", `Bearer ${token}`);
	else if (sent === null && String(url).startsWith(hubUrl)) changed.set("Authorization", `Bearer ${nobody}`);
	return plainFetch(url, { ...init, headers: changed });
};
globalThis.fetch = withToken;
const at = { hubUrl, accessToken: "hf_journey" };

const number = (bytes, write) => {
	const buffer = Buffer.alloc(bytes);
	write(buffer);
	return buffer;
};
const u32 = (value) => number(4, (b) => b.writeUInt32LE(value));
const u64 = (value) => number(8, (b) => b.writeBigUInt64LE(BigInt(value)));
const string = (value) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const text = (key, value) => Buffer.concat([string(key), u32(8), string(value)]);
const count = (key, value) => Buffer.concat([string(key), u32(4), u32(value)]);
const texts = (key, values) => Buffer.concat([string(key), u32(9), u32(8), u64(values.length), ...values.map(string)]);
const tensor = (name, shape, offset) =>
	Buffer.concat([string(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset)]);

// a vocabulary longer than what the parser asks for at once, which is 2 MB
const tokens = Array.from({ length: 60_000 }, (_, i) => `▁a rather long token ${"ä€".repeat(4)} ${i}`);
const rows = 16;
const file = (shard, shards) => {
	const keys = [text("general.architecture", "llama"), count("llama.block_count", 1)];
	if (shards === 1) keys.push(texts("tokenizer.ggml.tokens", tokens));
	else keys.push(count("split.no", shard), count("split.count", shards));
	const tensors = [tensor(`blk.${shard}.attn_q.weight`, [rows, rows], 0), tensor(`blk.${shard}.attn_k.weight`, [rows, 2], rows * rows * 4)];
	const head = Buffer.concat([Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(keys.length), ...keys, ...tensors]);
	return Buffer.concat([head, Buffer.alloc((32 - (head.length % 32)) % 32), Buffer.alloc((rows * rows + rows * 2) * 4)]);
};
const whole = file(0, 1);
assert.ok(whole.length > 3_000_000);

const check = (parsed) => {
	assert.equal(parsed.metadata["general.architecture"], "llama");
	assert.deepEqual(parsed.metadata["tokenizer.ggml.tokens"], tokens);
	assert.deepEqual(parsed.tensorInfos.map((t) => t.name), ["blk.0.attn_q.weight", "blk.0.attn_k.weight"]);
	assert.equal(parsed.tensorInfos[0].dtype, GGMLQuantizationType.F32);
	assert.equal(parsed.parameterCount, rows * rows + rows * 2);
};

for (const visibility of ["private", "public"]) {
	const repo = { type: "model", name: `ggufs/${visibility}` };
	await hub.createRepo({ repo, private: visibility === "private", ...at });
	await hub.uploadFiles({
		repo,
		files: [
			{ path: "whole.gguf", content: new Blob([whole]) },
			{ path: "q/parts-00001-of-00002.gguf", content: new Blob([file(0, 2)]) },
			{ path: "q/parts-00002-of-00002.gguf", content: new Blob([file(1, 2)]) },
			{ path: "other.gguf", content: new Blob(["no model at all"]) },
		],
		...at,
	});
	const url = `${hubUrl}/${repo.name}/resolve/main/whole.gguf`;
	const asked = [];
	const counting = async (address, init) => {
		const answer = await fetch(address, init);
		asked.push([answer.status, answer.headers.get("content-range"), answer.headers.get("content-length")]);
		return answer;
	};
	const key = visibility === "private" ? { additionalFetchHeaders: headers } : {};
	check(await gguf(url, { ...key, fetch: counting, computeParametersCount: true, typedMetadata: true }));
	const last = whole.length - 1;
	assert.deepEqual(asked, [0, 1, 2].filter((i) => i * 2e6 <= last).map((i) => {
		const end = Math.min((i + 1) * 2e6 - 1, last);
		return [206, `bytes ${i * 2e6}-${end}/${whole.length}`, String(end - i * 2e6 + 1)];
	}));

	const all = await ggufAllShards(`${hubUrl}/${repo.name}/resolve/main/q/parts-00001-of-00002.gguf`, key);
	assert.equal(all.shards.length, 2);
	assert.equal(all.parameterCount, 2 * (rows * rows + rows * 2));

	await assert.rejects(gguf(`${hubUrl}/${repo.name}/resolve/main/other.gguf`, key), /not a valid gguf file/);
	await assert.rejects(gguf(`${hubUrl}/${repo.name}/resolve/main/none.gguf`, key), /not a valid gguf file/);
	const facts = await hub.modelInfo({ name: repo.name, additionalFields: ["gguf"], ...at });
	assert.equal(facts.gguf.architecture, "llama");
	assert.equal(facts.gguf.total, rows * rows + rows * 2);
}
// nothing of a private one shows without a key
await assert.rejects(gguf(`${hubUrl}/ggufs/private/resolve/main/whole.gguf`), /not a valid gguf file/);
assert.equal((await fetch(`${hubUrl}/ggufs/private/resolve/main/whole.gguf`, { headers: { Range: "bytes=0-9" } })).status, 401);
console.log("journey done");
