import t from 'tap';
import { readEnvText } from '../../src/config/env-file.ts';

t.test('an invalid line of .env is refused by its number and never shown', async (t) => {
  const ignored: readonly [text: string, line: number][] = [
    ['PORT 9000', 1],
    ['# a comment\n\nLOG_LEVEL=info\nsecret', 4],
    ['PORT: 9000', 1],
    ['=secret', 1],
    ['two words=secret', 1],
    ['A="two\nlines"\nPORT 9000', 3],
    ["A='open\nPORT 9000", 2],
  ];
  for (const [text, line] of ignored) {
    const message = `Line ${line} of .env must be NAME=value`;
    t.throws(() => readEnvText('.env', text), { name: 'ConfigError', message }, text);
  }
  const text = ' # c\n\nexport PORT = 9000 # x\r\nA="b c" # d\nB=\nC=`1\nD 2\n3`\nE=it\'s\nF="open\nG=1';
  t.match(readEnvText('.env', text), { PORT: '9000', A: 'b c', B: '', C: '1\nD 2\n3', E: "it's", G: '1' });
});
