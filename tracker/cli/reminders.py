"""`flask reminders send`: what falls due, told to those it concerns, each reminder once."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker import clock
from tracker.actions.escalation import list_escalated
from tracker.cli.common import DATE, Group, all_or_nothing, as_day
from tracker.database import db
from tracker.reminders.mailing import LogMailer, Mailer, SmtpMailer, count_waiting, send_waiting
from tracker.reminders.services import make_reminders
from tracker.settings import mail_server


@click.group(cls=Group)
def reminders() -> None:
    """Påminnelser."""


@reminders.command("send", short_help="skicka det som ska påminnas om, varje påminnelse en gång")
@click.option("--today", type=DATE, help="Räkna som om det vore den här dagen.")
@click.option("--dry-run", is_flag=True, help="Räkna, men spara och skicka inget.")
@with_appcontext
def send(today: object, dry_run: bool) -> None:
    """Räkna ut vad som ska påminnas om, och skicka e-post till dem det gäller.

    Kör den varje morgon, eller varje timme. Varje påminnelse skapas en gång, även om kommandot körs flera gånger samma
    dag eller två gånger samtidigt. Det som inte gick att skicka ligger kvar och skickas vid nästa körning. Brevet
    innehåller nummer och länk, inget mer. Utan MAIL_URL skrivs det till loggen.
    """
    day = as_day(today) or clock.today()
    with all_or_nothing():
        db.session.rollback()
        made = make_reminders(day, clock.now(), list_escalated(day))
        if dry_run:
            db.session.rollback()
    told = f"{made.reminders} nya påminnelser till {made.people} personer"
    if dry_run:
        click.echo(f"Provkörning, inget sparat eller skickat: {told}, {made.mails} brev")
        return
    sent = send_waiting(_mailer(), clock.now, current_app.config["BASE_URL"])
    left = count_waiting()
    click.echo(f"{told}; {sent.taken} brev skickade, {sent.refused} gick inte att lämna, {left} väntar")
    if sent.later or sent.refused:
        sys.exit(1)


def _mailer() -> Mailer:
    url = current_app.config["MAIL_URL"]
    return SmtpMailer(mail_server(url), current_app.config["MAIL_FROM"]) if url else LogMailer()
