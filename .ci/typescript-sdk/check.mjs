// The official TypeScript SDK as a client of a running relay: RELAY_URL and RELAY_KEY say which.
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';

const baseURL = process.env.RELAY_URL;
const params = { model: 'claude-sonnet-5-5', max_tokens: 256, messages: [{ role: 'user', content: 'Hello' }] };
const client = new Anthropic({ baseURL, apiKey: process.env.RELAY_KEY });

const message = await client.messages.create(params);
assert.equal(message.content[0].type, 'text');
assert.ok(message.usage.output_tokens > 0);
assert.ok(message._request_id);

const stream = client.messages.stream(params);
let deltas = 0;
stream.on('text', () => deltas++);
const streamed = await stream.finalMessage();
assert.equal(streamed.content[0].text, message.content[0].text);
assert.ok(deltas > 5);

const raw = await client.messages.create({ ...params, stream: true });
const events = [];
for await (const event of raw) events.push(event.type);
assert.equal(events.at(-1), 'message_stop');

const stranger = new Anthropic({ baseURL, apiKey: 'cr_' + '0'.repeat(64) });
const began = Date.now();
await assert.rejects(stranger.messages.create(params), (error) => {
  assert.equal(error.status, 401);
  assert.equal(error.type, 'authentication_error');
  return true;
});
assert.ok(Date.now() - began < 5000, 'a wrong key is told at once');

await assert.rejects(client.messages.create({ ...params, model: '' }), (error) => {
  assert.equal(error.status, 400);
  assert.match(error.message, /model/);
  return true;
});
console.log('6 passed, 0 failed');
