// A store of notes for ./run-sample and the tests: PouchDB in memory, which speaks CouchDB's protocol over HTTP. It listens
// on a free port of 127.0.0.1, and prints its address and its process once it answers.

const PouchDB = require('pouchdb-core').plugin(require('pouchdb-adapter-memory')).defaults({ adapter: 'memory' });
const parts = ['routes/root', 'routes/db', 'routes/documents', 'routes/404'];
const store = require('express-pouchdb')(PouchDB, { mode: 'custom', overrideMode: { include: parts } });

new PouchDB('notes').info().then(() => {
  const server = store.listen(0, '127.0.0.1', () =>
    console.log(`http://127.0.0.1:${server.address().port}/notes process ${process.pid}`));
});
