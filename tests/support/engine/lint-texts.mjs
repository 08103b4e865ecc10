import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

// Lints texts as if they were files of the house, by its own configuration. Needs a process of its own: ESLint imports
// its configuration, which Jest's sandbox cannot. Rules that need types are left out: the files do not exist.
const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked });
let input = '';
for await (const chunk of process.stdin) input += chunk;
const answers = [];
for (const { filePath, text } of JSON.parse(input)) {
  const [result] = await eslint.lintText(text, { filePath });
  answers.push(result.messages.map((message) => message.ruleId ?? message.message));
}
process.stdout.write(JSON.stringify(answers));
