// The real @huggingface/hub client against a platform: node hub.mjs REPOSITORY FILE
// ORRERY_URL and ORRERY_KEY are environment variables. Prints one line of JSON.
import { createHash } from 'node:crypto';
import { downloadFile, listFiles, whoAmI } from '@huggingface/hub';

const { ORRERY_URL: hubUrl, ORRERY_KEY: accessToken } = process.env;
const [repo, path] = process.argv.slice(2);

const me = await whoAmI({ hubUrl, accessToken });
const files = [];
for await (const entry of listFiles({ repo, hubUrl, accessToken, recursive: true })) {
  files.push({ path: entry.path, size: entry.size });
}
const blob = await downloadFile({ repo, path, hubUrl, accessToken });
const bytes = Buffer.from(await blob.arrayBuffer());
console.log(JSON.stringify({
  type: me.type, name: me.name, files, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'),
}));
