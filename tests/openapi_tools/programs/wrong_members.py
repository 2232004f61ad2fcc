"""What a type checker refuses beside the client that openapi-python-client made; each line says why."""

from showpad_client.models import Owner, ShareCreate, SharedSpace, SharedSpaceCreate, SharedSpacesListSort

SharedSpaceCreate(titel="Acme")  # call-arg
SharedSpaceCreate(owner="b5f5e881324f61479002be5cda41b1ca")  # arg-type
SharedSpaceCreate(is_comment_allowed="yes")  # arg-type
ShareCreate(title="Acme", assets=[Owner(user_id="b5f5e881324f61479002be5cda41b1ca")], origin="Integration")  # list-item
ShareCreate(title="Acme", assets=[])  # call-arg
print(SharedSpacesListSort.OWNER)  # attr-defined


def when(space: SharedSpace) -> str:
    return space.created_at  # return-value
