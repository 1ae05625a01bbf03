"""Writes the whole register as XLSX, as the page's export does, in a process of its own so that it can be measured."""

import sys

from tracker import clock
from tracker.decisions.exporting import export_register
from tracker.decisions.filtering import RegisterFilter
from tracker.decisions.views import EXPORT
from tracker.exchange.writing import Sheet, write_xlsx
from tracker.factory import create_app
from tracker.records.scope import EVERY_RECORD

with create_app().app_context():
    write_xlsx(sys.argv[1], [Sheet("Beslut", EXPORT, export_register(RegisterFilter(), EVERY_RECORD, clock.today()))])
