set -eu

BASE=https://demo.api.showpad.com/v4

token=$1 owner=$2 new_owner=$3 good=$4 archived=$5

call() { # METHOD PATH STATUS [BODY]: sets `answer`
  answer=$(curl --silent --show-error --request "$1" --header "Authorization: Bearer $token" \
    --header "Content-Type: application/json" ${4:+--data "$4"} --write-out '\n%{http_code}' "$BASE$2")
  test "${answer##*
}" = "$3" || { echo "$answer" >&2; exit 1; }
}

call POST /shared-spaces 201 "{\"title\": \"Journey\", \"owner\": {\"userId\": \"$owner\"}}"
space=$(expr "$answer" : '{"id":"\([^"]*\)"')
item='{"type": "asset", "assetId": '
call POST "/shared-spaces/$space/items" 201 "{\"items\": [$item\"$good\"}, $item\"$archived\"}]}"
case $answer in
*'"reason":"ARCHIVED"'*'"summary":{"assetSuccessCount":1,"assetFailureCount":1}'*) ;;
*'"summary":{"assetSuccessCount":1,"assetFailureCount":1}'*'"reason":"ARCHIVED"'*) ;;
*) echo "$answer" >&2; exit 1 ;;
esac
call POST /shares 201 "{\"title\": \"Journey\", \"origin\": \"Integration\", \"assets\": [{\"id\": \"$good\"}]}"
call POST "/shared-spaces/$space/transfer-ownership" 204 "{\"userId\": \"$new_owner\"}"
offset=0 seen=
while :; do
  call GET "/shared-spaces?limit=4&offset=$offset" 200
  seen="$seen$answer"
  offset=$((offset + 4))
  test "$offset" -lt "$(expr "$answer" : '{"count":\([0-9]*\)')" || break
done
case $seen in *"$space"*) ;; *) exit 1 ;; esac
call DELETE "/shared-spaces/$space" 204
