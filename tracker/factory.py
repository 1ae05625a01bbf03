"""How is the application put together? Settings, database, headers, access and each capability, in that order."""

import sys
from datetime import timedelta

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from tracker import clock, logs
from tracker.accounts import keeping, presence
from tracker.accounts import views as accounts
from tracker.accounts.reader import Reader, find_reader
from tracker.actions import several_views as _several_actions  # noqa: F401 - its pages stand on the blueprint of actions
from tracker.actions import share_views as _shared_actions  # noqa: F401 - as above
from tracker.actions import step_views as _action_steps  # noqa: F401 - its pages stand on the blueprint of actions
from tracker.actions import views as actions
from tracker.actions.times import times
from tracker.activity import views as activity
from tracker.administration import views as administration
from tracker.audit import models as _audit_models  # noqa: F401 - its tables are the database's, too
from tracker.audit.chain import trail_keys
from tracker.audit.starting import WrongKeyError, check_keys
from tracker.cases import access_views as _case_access  # noqa: F401 - its pages stand on the blueprint of cases
from tracker.cases import case_views as _case_pages  # noqa: F401 - its pages stand on the blueprint of cases
from tracker.cases import complaint_views as _complaints  # noqa: F401 - as above
from tracker.cases import correction_views as _correction  # noqa: F401 - as above
from tracker.cases import duty_views as _duty  # noqa: F401 - as above
from tracker.cases import file_views as _case_files  # noqa: F401 - as above
from tracker.cases import investigation_views as _investigation  # noqa: F401 - as above
from tracker.cases import mas_views as _mas  # noqa: F401 - as above
from tracker.cases import pattern_views as _patterns  # noqa: F401 - as above
from tracker.cases import provider_views as _providers  # noqa: F401 - as above
from tracker.cases import public_views as public_pages
from tracker.cases import reporting_views as _reporting  # noqa: F401 - as above
from tracker.cases import retention_views as _retention  # noqa: F401 - as above
from tracker.cases import views as cases
from tracker.cli import register_commands
from tracker.control import following_views as _following  # noqa: F401 - likewise
from tracker.control import list_views as _moment_list  # noqa: F401 - likewise
from tracker.control import moment_views as _moments  # noqa: F401 - its pages stand on the blueprint of control
from tracker.control import outcome_views as _outcomes  # noqa: F401 - its pages stand on the blueprint of control
from tracker.control import plan_views as _plan  # noqa: F401 - its pages stand on the blueprint of internal control
from tracker.control import scale_views as _scale  # noqa: F401 - as above
from tracker.control import views as control
from tracker.control import void_views as _voiding  # noqa: F401 - its page stands on the blueprint of risks
from tracker.control import year_views as _years  # noqa: F401 - its pages stand on the blueprint of risks
from tracker.database import db
from tracker.decisions import ivo_models as _ivo_models  # noqa: F401 - as above
from tracker.decisions import views as decisions
from tracker.exports import views as exports
from tracker.frozen import models as _frozen_models  # noqa: F401 - as above
from tracker.guarantees import occasion_views as _occasions  # noqa: F401 - its pages stand on the guarantees' blueprint
from tracker.guarantees import setting_views as _guarantee_settings  # noqa: F401 - as above
from tracker.guarantees import views as guarantees
from tracker.intake import views as _intake  # noqa: F401 - its pages stand on the decisions' blueprint
from tracker.log_review import blueprint as log_review_pages
from tracker.log_review import check_views as _log_checks  # noqa: F401 - its pages stand on the log's blueprint
from tracker.log_review import views as log_review
from tracker.overview import views as overview
from tracker.pictures import views as pictures
from tracker.records.queries import is_demonstration
from tracker.reminders import views as reminders
from tracker.reports import views as reports
from tracker.risk import editing_views as _editing  # noqa: F401 - its pages stand on the blueprint of risks
from tracker.risk import views as risk
from tracker.saved import views as saved
from tracker.search import views as search
from tracker.sending import views as sending
from tracker.settings import INSTANCE, ROOT, Settings, SettingsError, decode_key, decode_keys, load_settings
from tracker.stickprov import file_views as _files  # noqa: F401 - its pages stand on the blueprint of stickprov
from tracker.stickprov import views as stickprov
from tracker.vault import vault
from tracker.web import access, errors, filters, health, navigation, requestlog, security, transaction, typed, uploads

IN_MEMORY = frozenset({"sqlite://", "sqlite:///:memory:"})  # one connection alone
SESSION_IDLE = timedelta(minutes=60)
STATIC_KEPT = timedelta(days=7)
LARGEST_FORM_BYTES = 1_000_000


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Ends the process with one line on standard error when a setting is bad."""
    try:
        settings = settings or load_settings()
    except SettingsError as error:
        print(f"Inställningsfel: {error}", file=sys.stderr)  # noqa: T201 - nothing that could log runs yet
        raise SystemExit(1) from None
    app = Flask(
        "tracker",
        root_path=str(ROOT / "tracker"),
        template_folder=str(ROOT / "templates"),
        instance_path=str(INSTANCE),
    )
    _configure(app, settings)
    logs.configure_logging()
    db.init_app(app)
    app.extensions["migrate"] = _Migrations(app)
    vault.configure(decode_keys(settings.data_encryption_key))
    trail_keys.configure(decode_key(settings.audit_key))
    times.configure(settings.action_check_months, settings.action_escalation_days)
    Bootstrap5(app)
    # Order matters: the log's id first, then the host, the form's token, and who may enter.
    requestlog.init_request_log(app)
    presence.init_presence(app)
    security.init_security(app, settings)
    uploads.init_uploads(app)  # before the body is read: how large it may be depends on who sends it
    transaction.init_transaction(app)
    forms = CSRFProtect(app)  # before anything asks the database: a forged request costs nothing
    for view in public_pages.WITHOUT_COOKIE:  # they look at a token of their own, which needs no cookie
        forms.exempt(view)
    _init_sign_in(app)
    app.before_request(access.enforce)
    typed.init_typed(app, keeping.keep_typed)
    keeping.init_keeping(app)
    errors.init_errors(app)
    filters.init_filters(app)
    for blueprint in (
        health.blueprint,
        accounts.blueprint,
        administration.blueprint,
        overview.blueprint,
        decisions.blueprint,
        risk.blueprint,
        control.blueprint,
        activity.blueprint,
        cases.blueprint,
        guarantees.blueprint,
        actions.blueprint,
        stickprov.blueprint,
        reports.blueprint,
        pictures.blueprint,
        sending.blueprint,
        reminders.blueprint,
        log_review_pages.blueprint,
        saved.blueprint,
        search.blueprint,
        exports.blueprint,
    ):
        app.register_blueprint(blueprint)
    menus = (
        overview.MENU,
        decisions.MENU,
        cases.MENU,
        risk.MENU,
        control.MENU,
        actions.MENU,
        reports.MENU,
        log_review.MENU,
        accounts.MENU,
    )
    navigation.init_navigation(app, tuple(item for menu in menus for item in menu))
    app.jinja_env.globals["is_demonstration"] = is_demonstration
    # The page of a risk stands below activities, and shows its own.
    app.jinja_env.globals |= {"activities_of_risk": activity.of_risk, "may_add_activity": activity.may_add}
    app.jinja_env.globals["actions_of"] = actions.of_record  # shown on the pages of registers below and above
    app.jinja_env.globals["views_of"] = saved.views_of
    app.jinja_env.globals["may_search"] = search.may_search_now
    app.jinja_env.globals["may_see_trends"] = pictures.may_open_now  # for pages below it that lead there
    register_commands(app)
    with app.app_context():
        try:
            check_keys()
        except WrongKeyError as error:
            print(f"Inställningsfel: {error}", file=sys.stderr)  # noqa: T201 - as above
            raise SystemExit(1) from None
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SESSION_COOKIE_NAME="__Host-egenkoll" if settings.https else "egenkoll",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_IDLE,
        WTF_I18N_ENABLED=False,
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which our own headers forbid browsers to send
        WTF_CSRF_TIME_LIMIT=int(SESSION_IDLE.total_seconds()),
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_KEPT,
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        BOOTSTRAP_SERVE_LOCAL=True,
        PRODUCTION=settings.app_env == "production",
        TESTING=settings.app_env == "testing",
        BASE_URL=settings.base_url,
        MAIL_URL=settings.mail_url,
        MAIL_FROM=settings.mail_from,
        EXPORT_FOLDER=INSTANCE / "exports",
        EXPORT_WORKER=settings.app_env != "testing",
        TRAIL_HEADS=None if settings.app_env == "testing" else INSTANCE / "trail-heads.jsonl",
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True,  # an error never tells what was written
            # The connection that was used last has its pages and its statements at hand.
            **({} if settings.database_url in IN_MEMORY else {"pool_use_lifo": True}),
        },
        MUNICIPALITY_NAME=settings.municipality_name,
        NEWEST_REVISION=health.newest_revision(),
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


class _Migrations:
    """Stands where Flask-Migrate looks for its settings, and loads it when it does: a server that only answers pages
    needs nothing of Alembic, 10 MB in each process.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> object:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory=str(ROOT / "migrations"))
        return getattr(self._app.extensions["migrate"], name)


def _init_sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # a row per sign-in does this better than a hash of the browser's name

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load_reader(token: str) -> Reader | None:
        return presence.now_known(find_reader(token, clock.now(), clock.today()))

    from flask_login import AnonymousUserMixin

    class Visitor(AnonymousUserMixin):  # type: ignore[misc]
        """Somebody who has not signed in: allowed nothing."""

        user_id = None

        def allows(self, _permission: object) -> bool:
            return False

    manager.anonymous_user = Visitor
