/** The floor: plain `node:http` that parses the same JSON and stores nothing. */

import { createServer } from 'node:http';

const server = createServer((req, res) => {
  let body = '';
  req.setEncoding('utf8');
  req.on('data', (chunk) => (body += chunk));
  req.on('end', () => {
    const said: unknown = body === '' ? null : JSON.parse(body);
    const answer = JSON.stringify({ ok: said !== undefined, code: 'recorded', message: 'Noted.', warnings: [] });
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    res.end(answer);
  });
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
