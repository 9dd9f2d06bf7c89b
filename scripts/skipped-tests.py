"""skipped-tests.py REPORT... : lists the skipped tests of Surefire reports, each with its reason in one line."""
import sys
import xml.etree.ElementTree as xml

run = skipped = 0
for report in sys.argv[1:]:
    for case in xml.parse(report).getroot().iter('testcase'):
        run += 1
        for skip in case.iter('skipped'):
            skipped += 1
            # an assumption that fails in the middle of a test has its message before the stack trace
            said = skip.get('message') or (skip.text or '').partition(': ')[2] or 'NO REASON GIVEN'
            reason = said.strip().splitlines()[0]
            print('skipped: %s.%s: %s' % (case.get('classname').rpartition('.')[2], case.get('name'), reason))
print('%d tests, %d skipped' % (run, skipped))
