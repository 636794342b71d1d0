import { largestDifference, toleranceOf } from './browser/compare.ts';
import { runInChromium, whyNoChromium } from './browser/run-in-chromium.ts';
import { runWorks } from './browser/works.ts';

export const summary = 'what a page and a worker of Chromium compute, against what Node computes';

export async function run(): Promise<void> {
  const reason = whyNoChromium();
  if (reason) {
    console.log(`Not run: ${reason}.`);
    return;
  }
  const here = await runWorks();
  const { version, outcomes } = await runInChromium();
  console.log(`Node ${process.versions.node} (V8 ${process.versions.v8}) and Chromium ${version}\n`);
  console.log('| work | numbers | page | worker | may differ |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const [name, ours] of here) {
    const differences = [outcomes.page, outcomes.worker].map((there) =>
      largestDifference(ours, there.get(name)!),
    );
    const cells = [...differences, toleranceOf(ours)].map((value) =>
      value === 0 ? 'equal' : value.toExponential(1),
    );
    console.log(`| ${[name, ours.length, ...cells].join(' | ')} |`);
  }
}
