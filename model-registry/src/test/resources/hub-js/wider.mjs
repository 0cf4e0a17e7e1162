// What else the real @huggingface/hub client offers: node wider.mjs URL TOKEN FOLDER TOKEN_OF_NOBODY
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as hub from "@huggingface/hub";

const [hubUrl, token, folder, nobody] = process.argv.slice(2);
// what a gateway does with keys; uploadFilesWithProgress takes no fetch of its own
const plainFetch = globalThis.fetch;
globalThis.fetch = (url, init = {}) => {
	const headers = new Headers(init.headers);
	if (headers.get("Authorization") === "Bearer hf_journey") headers.set("Authorization", `Bearer ${token}`);
	else if (!headers.has("Authorization") && String(url).startsWith(hubUrl)) headers.set("Authorization", `Bearer ${nobody}`);
	return plainFetch(url, { ...init, headers });
};
const at = { hubUrl, accessToken: "hf_journey" };
const anonymous = { hubUrl };

const collect = async (items) => {
	const all = [];
	for await (const item of items) all.push(item);
	return all;
};
const bytes = async (blob) => Buffer.from(await blob.arrayBuffer());
const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const large = Buffer.alloc(1_200_000);
for (let i = 0, x = 7; i < large.length; i++) large[i] = (x = (Math.imul(x, 1103515245) + 12345) >>> 0) >>> 16;

const steps = {
	async streamsAndReportsProgress() {
		const repo = { type: "model", name: "wider/progress" };
		await hub.createRepo({ repo, visibility: "private", ...at });
		const tree = join(folder, "tree");
		await mkdir(join(tree, "a/b"), { recursive: true });
		await writeFile(join(tree, "a/b/deep.txt"), "deep");
		await writeFile(join(folder, "large.bin"), large);
		for (const useXet of [true, false]) {
			const seen = new Map();
			const phases = [];
			const made = hub.uploadFilesWithProgress({
				repo,
				files: [
					pathToFileURL(join(folder, "large.bin")),
					new File([large.subarray(0, 700_000)], "file.bin"),
					{ path: `small-${useXet}.txt`, content: new Blob(["small"]) },
					{ path: `tree-${useXet}`, content: pathToFileURL(tree) },
				],
				commitTitle: `With ${useXet}`,
				useXet,
				...at,
			});
			let output;
			for (;;) {
				const { done, value } = await made.next();
				if (done) {
					output = value;
					break;
				}
				if (value.event === "phase") phases.push(value.phase);
				else if (value.state === "uploading") seen.set(value.path, value.progress);
			}
			assert.deepEqual(phases, ["preuploading", "uploadingLargeFiles", "committing"]);
			assert.match(output.commit.oid, /^[0-9a-f]{40}$/);
			if (useXet) assert.equal(seen.get("large.bin"), 1);
			assert.ok((await bytes(await hub.downloadFile({ repo, path: "large.bin", ...at }))).equals(large));
			assert.equal(await (await hub.downloadFile({ repo, path: `tree-${useXet}/a/b/deep.txt`, ...at })).text(), "deep");
		}
		const info = await hub.fileDownloadInfo({ repo, path: "file.bin", ...at });
		assert.equal(info.size, 700_000);
		assert.equal(info.etag, `"${sha256(large.subarray(0, 700_000))}"`);
		const raw = await hub.fileDownloadInfo({ repo, path: "file.bin", raw: true, ...at });
		assert.ok(raw.size < 200);
		assert.equal(await hub.fileDownloadInfo({ repo, path: "none.bin", ...at }), null);
		for (const xet of [true, false]) {
			const blob = await hub.downloadFile({ repo, path: "large.bin", xet, ...at });
			assert.equal(blob.size, large.length);
			assert.ok((await bytes(blob.slice(999_999))).equals(large.subarray(999_999)));
			assert.ok((await bytes(blob.slice(5, 6))).equals(large.subarray(5, 6)));
			let streamed = 0;
			for await (const part of blob.stream()) streamed += part.length;
			assert.equal(streamed, large.length);
		}
	},

	async editsDeletesAndGuardsTheHead() {
		const repo = { type: "dataset", name: "wider/edits" };
		await hub.createRepo({ repo, ...at });
		const first = await hub.commit({
			repo,
			title: "Three",
			description: "and a word about them",
			operations: [
				{ operation: "addOrUpdate", path: "a.txt", content: new Blob(["a"]) },
				{ operation: "addOrUpdate", path: "d/b.txt", content: new Blob(["b"]) },
				{ operation: "addOrUpdate", path: "d/large.bin", content: new Blob([large]) },
			],
			...at,
		});
		const original = await hub.downloadFile({ repo, path: "d/large.bin", ...at });
		const second = await hub.commit({
			repo,
			title: "Edit and delete",
			parentCommit: first.commit.oid,
			operations: [
				{ operation: "edit", path: "d/large.bin", originalContent: original, edits: [{ content: new Blob(["changed"]), start: 10, end: 20 }] },
				{ operation: "delete", path: "a.txt" },
			],
			...at,
		});
		const edited = Buffer.concat([large.subarray(0, 10), Buffer.from("changed"), large.subarray(20)]);
		assert.ok((await bytes(await hub.downloadFile({ repo, path: "d/large.bin", ...at }))).equals(edited));
		const old = await hub.downloadFile({ repo, path: "d/large.bin", revision: first.commit.oid, ...at });
		assert.ok((await bytes(old)).equals(large));
		await assert.rejects(
			hub.commit({ repo, title: "Too late", parentCommit: first.commit.oid, operations: [{ operation: "addOrUpdate", path: "c.txt", content: new Blob(["c"]) }], ...at }),
			(e) => e instanceof hub.HubApiError && e.statusCode === 412 && /commit has happened since/.test(e.message) && e.requestId.length > 0,
		);
		const infos = await hub.pathsInfo({ repo, paths: ["d", "d/b.txt", "d/large.bin", "none"], expand: true, ...at });
		assert.deepEqual(infos.map((i) => [i.path, i.type]).sort(), [["d", "directory"], ["d/b.txt", "file"], ["d/large.bin", "file"]]);
		const info = infos.find((i) => i.path === "d/large.bin");
		assert.equal(info.lfs.oid, sha256(edited));
		assert.equal(info.lastCommit.id, second.commit.oid);
		assert.ok(info.lastCommit.date instanceof Date && !Number.isNaN(info.lastCommit.date.getTime()));
		await hub.deleteFiles({ repo, paths: ["d/b.txt", "d/large.bin"], commitTitle: "Clear", ...at });
		assert.deepEqual((await collect(hub.listFiles({ repo, recursive: true, ...at }))).map((f) => f.path), [".gitattributes"]);
		await assert.rejects(hub.deleteFiles({ repo, paths: ["d/b.txt"], ...at }), (e) => e.statusCode === 404);
		const commits = await collect(hub.listCommits({ repo, batchSize: 1, ...at }));
		assert.deepEqual(commits.map((c) => c.title), ["Clear", "Edit and delete", "Three", "initial commit"]);
		assert.equal(commits[2].message, "and a word about them");
		assert.equal(commits[2].authors[0].username, "wider");
	},

	async branchesAndProposes() {
		const repo = { type: "model", name: "wider/branches" };
		await hub.createRepo({ repo, ...at });
		const { commit } = await hub.uploadFile({ repo, file: new File(["one"], "one.txt"), ...at });
		await hub.createBranch({ repo, branch: "from-a-commit", revision: commit.oid, ...at });
		await hub.createBranch({ repo, branch: "empty/one", empty: true, ...at });
		assert.equal((await collect(hub.listFiles({ repo, revision: "empty/one", ...at }))).filter((f) => f.path === "one.txt").length, 0);
		await assert.rejects(hub.createBranch({ repo, branch: "from-a-commit", ...at }), (e) => e.statusCode === 409);
		await hub.createBranch({ repo, branch: "from-a-commit", overwrite: true, ...at });
		await assert.rejects(hub.createBranch({ repo, branch: "x", revision: "nowhere", ...at }), (e) => e.statusCode === 404);
		const proposal = await hub.uploadFile({ repo, file: new File(["two"], "two.txt"), isPullRequest: true, ...at });
		assert.match(proposal.pullRequestUrl, /\/wider\/branches\/discussions\/1$/);
		assert.equal(await (await hub.downloadFile({ repo, path: "two.txt", revision: "refs/pr/1", ...at })).text(), "two");
		assert.equal(await hub.downloadFile({ repo, path: "two.txt", ...at }), null);
		await hub.deleteBranch({ repo, branch: "from-a-commit", ...at });
		await assert.rejects(hub.deleteBranch({ repo, branch: "from-a-commit", ...at }), (e) => e.statusCode === 404);
		await assert.rejects(hub.deleteBranch({ repo, branch: "main", ...at }), (e) => e.statusCode === 403);
	},

	async findsModelsDatasetsAndSpaces() {
		const card = "---\nlicense: apache-2.0\nlibrary_name: transformers\npipeline_tag: text-generation\ntags: [found]\n---\n";
		for (const type of ["model", "dataset", "space"]) {
			const repo = { type, name: "wider/found" };
			await hub.createRepo({ repo, visibility: "public", ...(type === "space" ? { sdk: "gradio" } : {}), ...at });
			const readme = type === "space" ? "---\nsdk: gradio\ntitle: Found\ntags: [found]\n---\n" : card;
			await hub.uploadFile({ repo, file: { path: "README.md", content: new Blob([readme]) }, ...at });
			await hub.checkRepoAccess({ repo, ...at });
			await hub.checkRepoAccess({ repo, ...anonymous });
		}
		const model = await hub.modelInfo({ name: "wider/found", additionalFields: ["author", "cardData", "tags", "library_name", "filePaths", "sha", "createdAt", "disabled"], ...anonymous });
		assert.equal(model.task, "text-generation");
		assert.equal(model.library_name, "transformers");
		assert.equal(model.author, "wider");
		assert.equal(model.cardData.license, "apache-2.0");
		assert.deepEqual(model.filePaths, [".gitattributes", "README.md"]);
		assert.equal(model.disabled, false);
		assert.equal(model.private, false);
		assert.ok(model.updatedAt.getTime() > 0);
		const found = await collect(hub.listModels({ search: { owner: "wider", tags: ["found"], task: "text-generation" }, additionalFields: ["tags"], limit: 5, ...anonymous }));
		assert.deepEqual(found.map((m) => m.name), ["wider/found"]);
		const byDate = await collect(hub.listModels({ search: { owner: "wider" }, sort: "createdAt", limit: 2, ...at }));
		assert.equal(byDate.length, 2);
		const data = await hub.datasetInfo({ name: "wider/found", additionalFields: ["tags", "sha", "description", "author"], ...anonymous });
		assert.ok(data.tags.includes("found"));
		assert.deepEqual((await collect(hub.listDatasets({ search: { query: "FOUND", tags: ["found"] }, ...anonymous }))).map((d) => d.name), ["wider/found"]);
		const space = await hub.spaceInfo({ name: "wider/found", additionalFields: ["tags", "sha"], ...anonymous });
		assert.equal(space.sdk, "gradio");
		assert.deepEqual((await collect(hub.listSpaces({ search: { owner: "wider" }, ...anonymous }))).map((s) => [s.name, s.sdk]), [["wider/found", "gradio"]]);
	},

	async refusesInItsErrors() {
		const hidden = { type: "model", name: "wider/progress" };
		const missing = { type: "model", name: "wider/none" };
		const refused = (asked, status, message) => assert.rejects(asked, (e) => e instanceof hub.HubApiError && e.statusCode === status && message.test(e.message) && e.url.startsWith(hubUrl) && e.requestId.length > 0);
		await refused(hub.checkRepoAccess({ repo: hidden, ...anonymous }), 401, /Invalid username or password/);
		await refused(hub.checkRepoAccess({ repo: missing, ...anonymous }), 401, /Invalid username or password/);
		await refused(hub.checkRepoAccess({ repo: missing, ...at }), 404, /Repository not found/);
		await refused(hub.checkRepoAccess({ repo: missing, hubUrl, accessToken: "hf_wrong" }), 401, /Invalid credentials in Authorization header/);
		await refused(hub.modelInfo({ name: "wider/found", revision: "no-such", ...at }), 404, /Invalid rev id: no-such/);
		await refused(collect(hub.listFiles({ repo: "wider/found", path: "none", ...at })), 404, /./);
		await refused(hub.createRepo({ repo: "wider/found", ...at }), 409, /./);
		await refused(hub.createRepo({ repo: "wider/a--b", ...at }), 400, /./);
		await refused(hub.createRepo({ repo: "lab2/elsewhere", hubUrl, accessToken: "hf_wrong" }), 401, /./);
		await refused(hub.uploadFile({ repo: missing, file: new File(["x"], "x.txt"), ...at }), 404, /Repository not found/);
		await refused(hub.uploadFile({ repo: "wider/found", branch: "none", file: new File(["x"], "x.txt"), ...at }), 404, /Invalid rev id: none/);
		await refused(hub.deleteRepo({ repo: missing, ...at }), 404, /Repository not found/);
		await assert.rejects(async () => hub.whoAmI({ hubUrl, accessToken: "no-such-shape" }), /hf_/);
	},

	async keepsACache() {
		const repo = { type: "model", name: "wider/progress" };
		const cacheDir = join(folder, "cache");
		const one = await hub.downloadFileToCacheDir({ repo, path: "large.bin", cacheDir, ...at });
		assert.ok((await readFile(one)).equals(large));
		const snapshot = await hub.snapshotDownload({ repo, cacheDir, ...at });
		assert.ok((await readFile(join(snapshot, "large.bin"))).equals(large));
		const scanned = await hub.scanCacheDir(cacheDir);
		assert.deepEqual(scanned.warnings, []);
		assert.equal(scanned.repos[0].id.name, "wider/progress");
		assert.deepEqual(scanned.repos[0].revisions.flatMap((r) => r.refs), ["main"]);
		assert.ok(scanned.size >= large.length);
	},
};
for (const [name, step] of Object.entries(steps)) {
	try {
		await step();
	} catch (e) {
		console.log(`${name}: ${e.stack}`);
		process.exitCode = 1;
	}
}
console.log("journey done");
