"""Which headers go out with every answer, and which hosts are answered?"""

from flask import Flask, Response, abort, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import TimestampSigner
from itsdangerous.encoding import base64_decode, bytes_to_int
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker.settings import Settings, plain_host
from tracker.web.access import READING, STATIC_ENDPOINTS, decision_of

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap's own stylesheet draws its arrows and ticks as data images
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HEALTH_ENDPOINTS = frozenset({"health.alive", "health.ready"})
SIGNED_ANEW_SECONDS = 60
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


class QuietSessions(SecureCookieSessionInterface):
    """Keeps the sign-in's cookie out of answers that may be stored by others: style sheets, pictures, health; and signs
    it anew once a minute at most, as that takes longer than many a query.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether something in it has changed, or it has been on its way to its end for a while."""
        if session.modified or not super().should_set_cookie(app, session):
            return bool(session.modified)
        signed_at = bytes_to_int(base64_decode(request.cookies[self.get_cookie_name(app)].rsplit(".", 2)[1]))
        return TimestampSigner("").get_timestamp() - signed_at >= SIGNED_ANEW_SECONDS

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Writes the cookie, but for those."""
        if request.endpoint not in STATIC_ENDPOINTS | HEALTH_ENDPOINTS:
            super().save_session(app, session, response)


def init_security(app: Flask, settings: Settings) -> None:
    """Adds the headers, the host check and, behind trusted proxies, the visitor's real address."""
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    def check_host() -> None:
        if request.endpoint in HEALTH_ENDPOINTS:
            return  # load balancers ask by address; these answers hold no links
        host = request.host
        if settings.host:
            if plain_host(host, "https" if settings.https else "http") != settings.host:
                abort(400, "host")
        elif host.rsplit(":", 1)[0] not in LOCAL_HOSTS and host not in LOCAL_HOSTS:
            abort(400, "host")

    def add_headers(response: Response) -> Response:
        headers = response.headers
        for name, value in ALWAYS.items():
            headers[name] = value
        if settings.https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        endpoint = request.endpoint
        if endpoint not in STATIC_ENDPOINTS:
            decision = decision_of(app, endpoint) if endpoint else None
            shared = decision and decision.public and request.method in READING and not _personal()
            if not (shared and response.cache_control.private):  # a secret address says more by itself
                headers["Cache-Control"] = "no-cache" if shared else "no-store"
        return response

    app.session_interface = QuietSessions()
    app.before_request(check_host)
    app.after_request(add_headers)


def _personal() -> bool:
    """Whether the answer belongs to one visitor: it was asked for with a cookie."""
    return bool(request.cookies)
