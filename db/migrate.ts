import { loadMigrationConfig } from '../config.ts';
import { migrate, schemaVersion } from './migrations.ts';

const config = loadMigrationConfig();
await migrate({
  ownerUrl: config.DATABASE_OWNER_URL,
  appRole: new URL(config.DATABASE_URL).username,
  systemRole: new URL(config.DATABASE_SYSTEM_URL).username,
});
console.log(`The schema is at ${schemaVersion}.`);
