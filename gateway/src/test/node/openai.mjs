// The real openai client against a platform: node openai.mjs STEP...
// ORRERY_URL, ORRERY_KEY, ORRERY_MODEL and, for files and tuning, ORRERY_TRAINING_FILE (a path) are environment variables.
// Every step prints one line of JSON; the first that fails ends the run with status 1.
import fs from 'node:fs';
import OpenAI from 'openai';

const { ORRERY_URL: url, ORRERY_KEY: key, ORRERY_MODEL: model, ORRERY_TRAINING_FILE: trainingFile } = process.env;
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const question = [{ role: 'user', content: 'Say one, two, three.' }];

async function collect(pages) {
  const all = [];
  for await (const item of pages) {
    all.push(item);
  }
  return all;
}

async function failure(call) {
  try {
    await call();
  } catch (e) {
    return { type: e.constructor.name, status: e.status ?? null, code: e.code ?? null, message: e.message, id: e.requestID ?? null };
  }
  throw new Error('the call was expected to fail');
}

const steps = {
  async models() {
    return { ids: (await collect(client.models.list())).map((m) => m.id), one: (await client.models.retrieve(model)).id };
  },
  async chat() {
    const answer = await client.chat.completions.create({ model, messages: question, max_tokens: 16, temperature: 0 });
    return {
      object: answer.object,
      content: answer.choices[0].message.content,
      finish: answer.choices[0].finish_reason,
      usage: answer.usage,
      requestId: answer._request_id,
    };
  },
  async completion() {
    const answer = await client.completions.create({ model, prompt: 'one, two,', max_tokens: 8, temperature: 0 });
    return { object: answer.object, text: answer.choices[0].text };
  },
  async stream() {
    const stream = await client.chat.completions.create({
      model, messages: question, max_tokens: 16, temperature: 0, stream: true, stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    const choices = chunks.flatMap((chunk) => chunk.choices);
    return {
      content: choices.map((choice) => choice.delta?.content ?? '').join(''),
      finish: choices.map((choice) => choice.finish_reason).filter(Boolean),
      ids: new Set(chunks.map((chunk) => chunk.id)).size,
      usage: chunks.findLast((chunk) => chunk.usage)?.usage ?? null,
    };
  },
  async abort() {
    const stream = await client.chat.completions.create({ model, messages: question, stream: true });
    for await (const _ of stream) {
      stream.controller.abort();
    }
    return { aborted: stream.controller.signal.aborted };
  },
  async broken() {
    return failure(async () => {
      const stream = await client.chat.completions.create({ model, messages: question, stream: true });
      await collect(stream);
    });
  },
  async unknownModel() {
    return failure(() => client.chat.completions.create({ model: 'no/such-model', messages: question }));
  },
  async wrongKey() {
    const stranger = new OpenAI({ baseURL: `${url}/v1`, apiKey: `hf_${'x'.repeat(34)}`, maxRetries: 0 });
    return failure(() => stranger.models.list());
  },
  async files() {
    const file = await client.files.create({ file: fs.createReadStream(trainingFile), purpose: 'fine-tune' });
    const listed = (await collect(client.files.list())).some((other) => other.id === file.id);
    const content = await (await client.files.content(file.id)).text();
    const same = content === fs.readFileSync(trainingFile, 'utf8');
    const deleted = (await client.files.delete(file.id)).deleted;
    return { object: file.object, bytes: file.bytes, purpose: file.purpose, listed, same, deleted };
  },
  async tuning() {
    const file = await client.files.create({ file: fs.createReadStream(trainingFile), purpose: 'fine-tune' });
    const job = await client.fineTuning.jobs.create({ model, training_file: file.id });
    const listed = (await collect(client.fineTuning.jobs.list())).some((other) => other.id === job.id);
    const again = await client.fineTuning.jobs.retrieve(job.id);
    const events = await collect(client.fineTuning.jobs.listEvents(job.id));
    return { object: job.object, id: job.id, status: again.status, listed, events: events.length };
  },
};

for (const name of process.argv.slice(2)) {
  try {
    console.log(JSON.stringify({ step: name, ...(await steps[name]()) }));
  } catch (e) {
    console.error(`${name}: ${e.stack}`);
    process.exit(1);
  }
}
