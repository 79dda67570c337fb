import t from 'tap';
import { configFrom } from '../../src/config/load.ts';
import { printConfig } from '../../src/config/print.ts';

t.test('the printed configuration can be read back', async (t) => {
  const config = configFrom({ CORS_ORIGINS: 'https://a.example,https://b.example', PORT: '9000' });
  const lines = printConfig(config).trim().split('\n');
  t.same(configFrom(Object.fromEntries(lines.map((line) => line.split('=')))), config);
  t.match(printConfig(config, ['DATA_DIR']), /^DATA_DIR=\[secret\]$/m);
});
