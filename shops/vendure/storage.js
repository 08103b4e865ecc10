'use strict';

const fs = require('node:fs');
const path = require('node:path');

const idleSaveMs = 500;

/** A first boot that was killed half-way leaves no marker; its remains are thrown away and it starts again. */
function openDataDir(dataDir) {
  const file = path.join(dataDir, 'shop.sqljs');
  const marker = path.join(dataDir, 'populated');
  fs.mkdirSync(dataDir, { recursive: true });
  const isPopulated = fs.existsSync(marker);
  if (!isPopulated) fs.rmSync(file, { force: true });
  return { isPopulated, markPopulated: () => fs.writeFileSync(marker, ''), storage: databaseFile(file) };
}

/**
 * A database in memory that survives a kill. TypeORM's own `autoSave` writes the whole file after each commit, a dozen
 * times per request; here `save` is called once before a request is answered, and a timer catches what came between.
 */
function databaseFile(file) {
  let driver;
  let isDirty = false;
  let timer;

  /** The rename replaces the file whole or not at all. An export would end a running transaction: then the timer saves. */
  const save = () => {
    if (!isDirty || driver.queryRunner?.isTransactionActive) return;
    isDirty = false;
    const draft = `${file}.new`;
    fs.writeFileSync(draft, driver.export());
    fs.renameSync(draft, file);
  };

  return {
    options: { type: 'sqljs', synchronize: true, location: file, autoSave: true, autoSaveCallback: () => {} },
    /** @param connection TypeORM's, as soon as it is open */
    attach(connection) {
      driver = connection.driver;
      driver.autoSave = async () => {
        isDirty = true;
      };
      isDirty = true;
      timer = setInterval(save, idleSaveMs);
    },
    save: () => driver && save(),
    close() {
      clearInterval(timer);
      save();
    },
  };
}

module.exports = { openDataDir };
