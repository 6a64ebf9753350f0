// A first client in Node (npm ci). See ../python/client.py: the same in another language.
//
// usage: node client.js ENDPOINT CA CERTIFICATE KEY CURSOR_FILE COUNT FILE...
// Submits each FILE (a TDiep), prints the receipt or the findings, then takes COUNT answers of the authority. A killed
// connection costs nothing: the same bytes go again, and the stream goes on after the last acknowledged cursor.
'use strict';
const fs = require('fs');
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const protos = path.join(__dirname, '../../../proto');
const options = {keepCase: true, longs: String, enums: String, includeDirs: [protos]};
const {tvan} = grpc.loadPackageDefinition(
    loader.loadSync(['tvan/v1/relay.proto', 'tvan/v1/feedback.proto'], options));
const TRY_AGAIN = [grpc.status.UNAVAILABLE, grpc.status.RESOURCE_EXHAUSTED, grpc.status.DEADLINE_EXCEEDED];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// The same bytes as often as it takes: the gateway answers with the first receipt, nothing is filed twice.
async function submit(relay, file) {
  const request = {request_id: path.basename(file).slice(0, 64), document: {tdiep: fs.readFileSync(file)}};
  for (let pause = 200;; pause = Math.min(pause * 2, 10000)) {
    try {
      return await new Promise((done, fail) => relay.SubmitMessage(
          request, {deadline: Date.now() + 20000}, (error, response) => error ? fail(error) : done(response)));
    } catch (error) {
      if (!TRY_AGAIN.includes(error.code)) throw error;
      console.log('submit: try again,', grpc.status[error.code]);
      await sleep(pause);
    }
  }
}

// One stream; ends when `left` answers are taken and acknowledged, or when the connection breaks.
function oneStream(feedback, cursorFile, left) {
  const cursor = fs.existsSync(cursorFile) ? fs.readFileSync(cursorFile, 'ascii') : '';
  let taken = 0, last = '';
  return new Promise((done, fail) => {
    const call = feedback.StreamFeedback();
    call.on('error', (error) => taken === left || TRY_AGAIN.includes(error.code) ? done(taken) : fail(error));
    call.on('end', () => done(taken));
    call.on('data', ({item, position}) => {
      if (item && taken < left) {
        last = item.cursor;  // here a real client stores item.authority_bytes, durably
        console.log('answer', item.sequence, item.parsed.message_type, item.provider_mtdiep);
        fs.writeFileSync(cursorFile, last);
        call.write({acknowledge: last});
        call.write({credit: 1});
        taken += 1;
      } else if (position && taken === left && position.acknowledged === last) {
        call.cancel();  // our last acknowledgement has arrived
      }
    });
    call.write({open: {cursor, credit: 100}});
  });
}

async function main([endpoint, ca, certificate, key, cursorFile, count, ...files]) {
  const tls = grpc.credentials.createSsl(...[ca, key, certificate].map((name) => fs.readFileSync(name)));
  const short = {'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 2000,
    'grpc.max_receive_message_length': 32 << 20};
  const relay = new tvan.v1.RelayService(endpoint, tls, short);
  const feedback = new tvan.v1.FeedbackService(endpoint, tls, short);
  for (const file of files) {
    const response = await submit(relay, file);
    console.log('receipt', response.receipt ? response.receipt.gateway_mtdiep : JSON.stringify(response.rejection));
  }
  for (let left = Number(count); left > 0;) {
    left -= await oneStream(feedback, cursorFile, left);
    if (left > 0) console.log('stream: go on,', left, 'to come');
    if (left > 0) await sleep(200);
  }
  relay.close();
  feedback.close();
}

main(process.argv.slice(2)).catch((error) => { console.error(String(error)); process.exit(1); });
