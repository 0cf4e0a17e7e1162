// The real @huggingface/hub client against a registry: node journey.mjs URL TOKEN CACHE
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as hub from "@huggingface/hub";

const [hubUrl, token, cacheDir] = process.argv.slice(2);

// the client takes only tokens that start with hf_; behind the gateway such a key becomes the token that is put in here
const fetchWithToken = (url, init = {}) => {
	const headers = new Headers(init.headers);
	if (headers.get("Authorization") === "Bearer hf_journey") {
		headers.set("Authorization", `Bearer ${token}`);
	}
	return fetch(url, { ...init, headers });
};
const at = { hubUrl, accessToken: "hf_journey", fetch: fetchWithToken };

const shape = [64, 8192];
const header = Buffer.from(JSON.stringify({
	__metadata__: { format: "pt" },
	"model.embed_tokens.weight": { dtype: "F32", shape, data_offsets: [0, 64 * 8192 * 4] },
}));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(header.length));
const body = Buffer.alloc(64 * 8192 * 4);
for (let i = 0; i < body.length; i++) body[i] = (i * 31) & 0xff;
const weights = Buffer.concat([length, header, body]);

const collect = async (items) => {
	const all = [];
	for await (const item of items) all.push(item);
	return all;
};

for (const kind of ["model", "dataset"]) {
	const repo = { type: kind, name: "js/journey" };

	assert.equal(await hub.repoExists({ repo, ...at }), false);
	const made = await hub.createRepo({ repo, license: "mit", ...at });
	assert.match(made.repoUrl, new RegExp(`^${hubUrl}/(datasets/)?js/journey$`));
	assert.equal(await hub.repoExists({ repo, ...at }), true);

	const files = [
		{ path: "model.safetensors", content: new Blob([weights]) },
		{ path: "README.md", content: new Blob(["---\nlicense: mit\ntags: [tiny]\n---\n# A journey\n"]) },
		{ path: "sub/names [a]+b & c;d @ é.txt", content: new Blob(["strange name"]) },
		{ path: "empty.txt", content: new Blob([]) },
	];
	const commit = await hub.uploadFiles({ repo, files, commitTitle: "Upload all", ...at });
	assert.match(commit.commit.oid, /^[0-9a-f]{40}$/);

	const listed = await collect(hub.listFiles({ repo, recursive: true, expand: true, ...at }));
	assert.deepEqual(
		listed.filter((f) => f.type === "file").map((f) => f.path).sort(),
		[".gitattributes", ...files.map((f) => f.path)].sort(),
	);
	const large = listed.find((f) => f.path === "model.safetensors");
	assert.equal(large.size, weights.length);
	assert.equal(large.lfs.size, weights.length);
	assert.equal(large.lastCommit.id, commit.commit.oid);

	for (const file of files) {
		const got = await hub.downloadFile({ repo, path: file.path, ...at });
		assert.deepEqual(Buffer.from(await got.arrayBuffer()), Buffer.from(await file.content.arrayBuffer()), file.path);
	}
	const part = await hub.downloadFile({ repo, path: "model.safetensors", ...at });
	assert.deepEqual(
		Buffer.from(await part.slice(1000, 3000).arrayBuffer()),
		weights.subarray(1000, 3000),
	);
	assert.equal(await hub.downloadFile({ repo, path: "none.txt", ...at }), null);
	assert.equal(await hub.fileExists({ repo, path: "empty.txt", ...at }), true);
	assert.equal(await hub.fileExists({ repo, path: "none.txt", ...at }), false);
	const pointer = await hub.downloadFile({ repo, path: "model.safetensors", raw: true, ...at });
	assert.match(await pointer.text(), /^version https:\/\/git-lfs/);

	// the same again is no new commit
	const again = await hub.uploadFiles({ repo, files, commitTitle: "Again", ...at });
	assert.equal(again.commit.oid, commit.commit.oid);

	await hub.createBranch({ repo, branch: "feature/x", ...at });
	await hub.uploadFile({ repo, branch: "feature/x", file: { path: "sub/b.txt", content: new Blob(["on a branch"]) }, ...at });
	const onBranch = await collect(hub.listFiles({ repo, revision: "feature/x", path: "sub", ...at }));
	assert.ok(onBranch.some((f) => f.path === "sub/b.txt"));
	assert.equal(await hub.countCommits({ repo, revision: "feature/x", ...at }), 3);
	const history = await collect(hub.listCommits({ repo, revision: "feature/x", batchSize: 2, ...at }));
	assert.deepEqual(history.map((c) => c.title).slice(1), ["Upload all", "initial commit"]);
	await hub.deleteFile({ repo, branch: "feature/x", path: "sub/b.txt", ...at });
	await hub.deleteBranch({ repo, branch: "feature/x", ...at });

	if (kind === "model") {
		const info = await hub.modelInfo({ name: "js/journey", additionalFields: ["sha", "tags", "safetensors"], ...at });
		assert.equal(info.sha, commit.commit.oid);
		assert.ok(info.tags.includes("license:mit") && info.tags.includes("tiny"));
		assert.equal(info.safetensors.total, 64 * 8192);
		const models = await collect(hub.listModels({ search: { query: "journey" }, ...at }));
		assert.deepEqual(models.map((m) => m.name), ["js/journey"]);
		const parsed = await hub.parseSafetensorsMetadata({ repo, ...at });
		assert.deepEqual(parsed.header["model.embed_tokens.weight"].shape, shape);
	} else {
		const datasets = await collect(hub.listDatasets({ search: { owner: "js" }, ...at }));
		assert.deepEqual(datasets.map((d) => d.name), ["js/journey"]);
	}

	const folder = await hub.snapshotDownload({ repo, cacheDir, ...at });
	assert.deepEqual(await readFile(join(folder, "model.safetensors")), weights);

	await hub.deleteFile({ repo, path: "empty.txt", ...at });
	assert.equal(await hub.fileExists({ repo, path: "empty.txt", ...at }), false);
	await hub.deleteRepo({ repo, ...at });
	await assert.rejects(hub.modelInfo({ name: "js/journey", ...at }), (e) => e.statusCode === 404);
}
const who = await hub.whoAmI({ ...at });
assert.equal(who.name, "js");
console.log("journey done");
