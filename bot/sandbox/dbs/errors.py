"""What the local DBS refuses, and in which of DBS's two voices.

RefusedError
├── GatewayError   the API gateway's, with an HTTP 4xx:
│                  `{"RequestId", "HostId", "Code", "Message", "Recommend"}`
└── DbsError       DBS's own, with an HTTP 200:
                   `{"RequestId", "Success": false, "HttpStatusCode", "ErrCode", "ErrMessage"}`

The vendor documents the gateway's codes. Those of DBS itself are named here after the ones in its samples
(`Param.NotFound`, "The specified parameter %s value is not valid."):

| code | voice | when |
|---|---|---|
| `Missing<Name>` | gateway 400 | a header, common parameter or always required parameter is absent or empty |
| `InvalidParameter` | gateway 400 | an Integer, Long or Boolean parameter is not one |
| `InvalidRegionId.NotFound` | gateway 404 | the common parameter `RegionId` names no region |
| `UnsupportedHTTPMethod` | gateway 405 | neither GET nor POST |
| `RequestBodyTooLarge` | gateway 413 | a body beyond a megabyte |
| `InvalidRequestBody` | gateway 400 | a body that is not encoded as its headers say |
| `InvalidVersion` | gateway 400 | an API version other than 2019-03-06 |
| `InvalidAction.NotFound` | gateway 404 | no such action, or a path other than `/` |
| `IncompleteSignature` | gateway 400 | an unknown way to sign, or a header left unsigned |
| `InvalidAccessKeyId.NotFound` | gateway 404 | unknown AccessKey id |
| `InvalidSecurityToken.MismatchWithAccessKey` | gateway 400 | an STS token that does not belong to the key |
| `InvalidTimeStamp.Format`, `.Expired` | gateway 400 | not `YYYY-MM-DDThh:mm:ssZ`; more than 15 minutes off |
| `SignatureDoesNotMatch` | gateway 400 | wrong secret, or something else was signed than sent |
| `SignatureNonceUsed` | gateway 400 | a replayed request |
| `Param.Missing` | DBS 400 | a parameter this location, engine or combination needs |
| `Param.Invalid` | DBS 400 | a value DBS cannot use |
| `Param.Conflict` | DBS 400 | two parameters that exclude each other |
| `Param.NotFound` | DBS 404 | a plan, set, gateway or task that does not exist |
| `IdempotentParameterMismatch` | DBS 400 | a known ClientToken with other parameters |
| `Task.StatusInvalid` | DBS 400 | the task's state does not allow it |
"""


class RefusedError(Exception):
    """A request is refused: `code`, one sentence, and the HTTP status that goes with it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class GatewayError(RefusedError):
    """Refused before DBS saw it; `status` is the status of the HTTP answer."""


class DbsError(RefusedError):
    """Refused by DBS; `status` stands in the envelope, the HTTP answer is a 200."""


def missing_at_gateway(name: str) -> GatewayError:
    return GatewayError(f"Missing{name}", f"{name} is mandatory for this action.")


def malformed_at_gateway(name: str, kind: str) -> GatewayError:
    return GatewayError("InvalidParameter", f"The specified parameter {name} is not a valid {kind}.")


def missing(name: str, because: str) -> DbsError:
    return DbsError("Param.Missing", f"The parameter {name} is required: {because}.")


def invalid(name: str, because: str) -> DbsError:
    return DbsError("Param.Invalid", f"The specified parameter {name} value is not valid: {because}.")


def not_found(name: str) -> DbsError:
    return DbsError("Param.NotFound", f"The specified parameter {name} value is not valid: not found.", 404)


def conflict(one: str, other: str) -> DbsError:
    return DbsError("Param.Conflict", f"The parameters {one} and {other} are mutually exclusive.")
