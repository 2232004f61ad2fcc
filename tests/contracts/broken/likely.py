"""Which check is likely to catch a wrong server, by words of its story: asked first, so that the hunt stays short.

A wrong guess costs time and nothing else, since the other checks come after it. Where a class has no words here, the
nearest checks find its servers soon enough.
"""

from __future__ import annotations

from functools import cache

ON_EVERY_PAGE = "what_list_{}_says_holds_for_everybody_and_on_every_page"
AT_ONCE = "{}_shows_at_once_and_to_everybody"
OUTLASTS = "what_{}_did_outlasts_whatever_is_written_next"
CHANGES_NOTHING = "what_{}_refuses_changes_nothing"
FILTERS = {
    "isOwnerDeactivated": "deactivated",
    "lastActivitySince": "since",
    "usergroupId": "group",
    "managerId": "manager",
    "userId": "user",
    "ownerUserId": "owner",
    "participantEmail": "email",
    "ownerEmail": "owner_email",
}
LIKELY = {
    **{f"leaves {name} out of account": ON_EVERY_PAGE.format(word) for name, word in FILTERS.items()},
    "a GET hides new spaces from": "either_token_may_what_its_user_may",
    "a create by the owner is only said": AT_ONCE.format("creating"),
    "a create is forbidden to the owner as": AT_ONCE.format("creating"),
    "a create is forbidden to the admin in": "an_administrator_names_another_owner",
    "a create with a title that is there answers": "spaces_without_a_public_uri_get_different_ones",
    "description is null in the answer to an update": "an_api_token_changes_what_its_user_may_change",
    "status has another value in the answer to an update": "an_api_token_changes_what_its_user_may_change",
    "a GET shows status as it was before": "an_update_changes_what_is_sent_and_nothing_else",
    "a GET shows isExternalUploadAllowed as": AT_ONCE.format("updating"),
    "the list shows status as it was before": "everybody_is_listed_the_space_as_it_is_read",
    "an update of something else sets isComment": AT_ONCE.format("updating"),
    "the same update again is refused": AT_ONCE.format("updating"),
    "an update tells status as asked": "archiving_sets_the_time_of_archiving",
    "archiving sets isCommentAllowed back": OUTLASTS.format("update"),
    "name of a list of assets is ignored": "assets_are_found_by_a_part_of_their_name",
    "usergroupId of a list of spaces is ignored": "a_list_by_group_holds_what_its_members_own",
    "sharedSpaceTemplate.name has another value": "a_space_from_a_template_names_it",
    "a Share is forbidden to": "either_token_may_share_what_its_user_may",
    "that was passed on is no longer listed": AT_ONCE.format("transferring"),
    "a deleted space is still listed": AT_ONCE.format("deleting"),
    "the list shows title as it was before": AT_ONCE.format("updating"),
    "the list shows the title trimmed": "texts_are_kept_character_by_character",
    "the list shows the title cut": "a_title_of_1_or_255_characters_is_accepted",
    "a create keeps its title cut": "a_title_of_1_or_255_characters_is_accepted",
    "a create keeps its title trimmed": "texts_are_kept_character_by_character",
    "a create keeps its description cut": "a_description_of_up_to_65535_characters_is_accepted",
    "a create keeps its description with line feeds": "a_description_keeps_its_lines",
    "an update keeps its title cut": "an_update_takes_a_title_of_1_or_255_characters",
    "an update tells its title, and keeps it cut": "an_update_beyond_the_limits_is_refused",
    "an update keeps its title trimmed": "an_update_keeps_texts_character_by_character",
    "an update keeps its description cut": "an_update_takes_description_theme_and_status",
    "an update keeps its description with line feeds": "an_updated_description_keeps_its_lines",
    "a transfer moves createdAt": ON_EVERY_PAGE.format("email"),
    "moves createdAt": "a_list_comes_in_the_order_asked_for",
    "createdAt has another value in a GET": ON_EVERY_PAGE.format("title"),
    "lastActivitySince of a list of spaces is ignored beside another filter": ON_EVERY_PAGE.format("since"),
    "a create is forbidden to the owner in person": AT_ONCE.format("creating_in_person"),
    "changes the publicUri": OUTLASTS.format("update"),
    "an update is lost after a Share": "what_update_did_outlasts_a_share",
    "a transfer is lost after a Share": "what_transfer_did_outlasts_a_share",
    "an update is lost": OUTLASTS.format("update"),
    "a transfer is lost": OUTLASTS.format("transfer"),
    "shows a deleted space again after": OUTLASTS.format("delete"),
    "the list is stale by one change": "a_list_comes_in_the_order_asked_for",
    "comes in another order each time": ON_EVERY_PAGE.format("sort"),
    "publicUrl has another value": ON_EVERY_PAGE.format("title"),
    "archivedAt is null in the answer to an update": ON_EVERY_PAGE.format("title"),
    "assetSuccessCount is missing": "a_request_of_which_every_asset_fails_succeeds",
    "adding items refuses one item": "items_that_can_be_added_are_answered_201",
    "the same items again is refused": AT_ONCE.format("filling"),
    "adding items with no items is refused, but done": CHANGES_NOTHING.format("items_empty"),
    "adding items with no items: ": "an_empty_array_of_items_is_refused",
    "with a wrong type is answered": CHANGES_NOTHING.format("conv_types"),
    "the new owner may not do": "the_new_owner_may_do_what_owners_may",
    "and does not keep it": AT_ONCE.format("updating"),
    "in a list of users items is null": "people_without_an_account_take_part",
    "in a list of assets items is null": "assets_are_found_by_what_names_them",
    "in a list of themes items is null": "themes_are_found_by_what_they_are",
    "in a list of templates items is null": "every_answer_about_templates_is_complete",
    "a GET shows the title trimmed": "texts_are_kept_character_by_character",
    "a GET shows the title cut": "a_title_of_1_or_255_characters_is_accepted",
    "a GET shows the description cut": "a_description_of_up_to_65535_characters_is_accepted",
    "the list is stale for": "everybody_is_listed_the_space_as_it_is_read",
    "the list hides new spaces from the admin in person": "an_oauth_token_sees_what_its_user_may_see",
    "the list hides new spaces from the manager as": "a_list_by_manager_holds_what_the_team_owns",
    "the list hides new spaces from the manager in": ON_EVERY_PAGE.format("title"),
    "by an unknown token is refused": "every_refusal_of_a_token_is_a_problem",
    "of an unknown one is refused": "every_error_is_a_problem",
    "of a space out of sight is refused": "every_refusal_of_a_stranger_is_a_problem",
    "with a parameter out of range is refused in": "every_error_is_a_problem",
    "of another manager's team is refused in": "every_error_is_a_problem",
    "a Share with a longer": "every_refusal_of_a_share_is_a_problem",
    "a Share with no asset": "every_refusal_of_a_share_is_a_problem",
    "a Share with a page": "every_refusal_of_a_share_is_a_problem",
    "a Share with an": "every_refusal_of_a_share_is_a_problem",
    "is refused in plain JSON": "every_refusal_of_a_write_is_a_problem",
}
"""Words of a story -> the check. The first that fit count."""


@cache
def likely(story: str) -> str | None:
    """Return the check that is likely to catch the server of a story."""
    return next((check for words, check in LIKELY.items() if words in story), None)
