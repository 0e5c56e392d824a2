# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong with accounts, as stable codes."""


class AccountError(Exception):
    """Something with an account could not be done; `code` is put into words by the web."""

    code = "account"


class SignInRefused(AccountError):
    """User name, passphrase or code is wrong: one error, which never says which of them."""

    code = "sign_in_refused"


class UsernameUnfit(AccountError):
    """A user name is 2 to 40 letters, digits, dots, hyphens or underscores."""

    code = "username_unfit"


class UsernameTaken(AccountError):
    """Another volunteer has this user name."""

    code = "username_taken"


class LastVolunteer(AccountError):
    """Without another active volunteer nobody could open what waits."""

    code = "last_volunteer"
