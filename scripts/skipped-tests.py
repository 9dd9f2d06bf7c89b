"""skipped-tests.py REPORT... : lists the skipped tests of Surefire reports, each with its reason in one line."""
import sys
import xml.etree.ElementTree as xml

run = skipped = 0
for report in sys.argv[1:]:
    for case in xml.parse(report).getroot().iter('testcase'):
        run += 1
        for skip in case.iter('skipped'):
            skipped += 1
            reason = (skip.get('message') or 'NO REASON GIVEN').strip().splitlines()[0]
            print('skipped: %s.%s: %s' % (case.get('classname').rpartition('.')[2], case.get('name'), reason))
print('%d tests, %d skipped' % (run, skipped))
