"""What the local DBS refuses, and in which of DBS's two voices.

RefusedError
├── GatewayError   the API gateway's, with an HTTP 4xx or 5xx:
│                  `{"RequestId", "HostId", "Code", "Message", "Recommend"}`
└── DbsError       DBS's own, with an HTTP 200:
                   `{"RequestId", "Success": false, "HttpStatusCode", "ErrCode", "ErrMessage"}`

The vendor documents the gateway's codes. Those of DBS itself are named here after the ones in its samples
(`Param.NotFound`, "The specified parameter %s value is not valid.").
"""

from collections.abc import Mapping

# Each code or family of codes (what stands before the dot) with its HTTP status, and when it comes.
_GATEWAY: Mapping[str, int] = {
    "Missing": 400,  # Missing<Name>: a header, common or always required parameter is absent or empty
    "InvalidParameter": 400,  # an Integer, Long or Boolean parameter is not one
    "InvalidRegionId": 404,  # .NotFound: the common parameter RegionId names no region
    "UnsupportedHTTPMethod": 405,  # neither GET nor POST
    "RequestBodyTooLarge": 413,  # a body beyond a megabyte
    "InvalidRequestBody": 400,  # a body that is not encoded as its headers say
    "InvalidRequest": 400,  # HTTP that cannot be read, or expects what cannot be done
    "InvalidVersion": 400,  # an API version other than 2019-03-06
    "InvalidAction": 404,  # .NotFound: no such action, or a path other than /
    "IncompleteSignature": 400,  # an unknown way to sign, or a header left unsigned
    "InvalidAccessKeyId": 404,  # .NotFound: unknown AccessKey id
    "InvalidSecurityToken": 400,  # .MismatchWithAccessKey: an STS token that does not belong to the key
    "InvalidTimeStamp": 400,  # .Format: not YYYY-MM-DDThh:mm:ssZ; .Expired: more than 15 minutes off
    "SignatureDoesNotMatch": 400,  # wrong secret, or something else was signed than sent
    "SignatureNonceUsed": 400,  # a replayed request
    "Request.Forbidden": 403,  # a web page sent it
    # What the gateway says only when it is told to:
    "Forbidden": 403,
    "Throttling": 400,
    "InternalError": 500,
    "ServiceUnavailable": 503,
}
_DBS: Mapping[str, int] = {
    "Param.Missing": 400,  # a parameter this location, engine or combination needs
    "Param.Invalid": 400,  # a value DBS cannot use
    "Param.Conflict": 400,  # two parameters that exclude each other
    "Param.NotFound": 404,  # a plan, set, gateway or task that does not exist
    "IdempotentParameterMismatch": 400,  # a known ClientToken with other parameters
    "Task.StatusInvalid": 400,  # the task's state does not allow it
}


class RefusedError(Exception):
    """A request is refused: `code`, one sentence, and the HTTP status, if not the one its code has."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or _of_gateway(code) or _DBS.get(code, 400)


class GatewayError(RefusedError):
    """Refused before DBS saw it; `status` is the status of the HTTP answer."""


class DbsError(RefusedError):
    """Refused by DBS; `status` stands in the envelope, the HTTP answer is a 200."""


def refusal(code: str, message: str) -> RefusedError:
    """A refusal in the voice its code has; one that is unknown is DBS's."""
    return (GatewayError if _of_gateway(code) else DbsError)(code, message)


def _of_gateway(code: str) -> int | None:
    family = "Missing" if code.startswith("Missing") else code.partition(".")[0]
    return _GATEWAY.get(code) or _GATEWAY.get(family)


def missing_at_gateway(name: str) -> GatewayError:
    return GatewayError(f"Missing{name}", f"{name} is mandatory for this action.")


def malformed_at_gateway(name: str, kind: str) -> GatewayError:
    return GatewayError("InvalidParameter", f"The specified parameter {name} is not a valid {kind}.")


def missing(name: str, because: str) -> DbsError:
    return DbsError("Param.Missing", f"The parameter {name} is required: {because}.")


def invalid(name: str, because: str) -> DbsError:
    return DbsError("Param.Invalid", f"The specified parameter {name} value is not valid: {because}.")


def not_found(name: str) -> DbsError:
    return DbsError("Param.NotFound", f"The specified parameter {name} value is not valid: not found.")


def conflict(one: str, other: str) -> DbsError:
    return DbsError("Param.Conflict", f"The parameters {one} and {other} are mutually exclusive.")
