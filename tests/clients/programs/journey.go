package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
)

const base = "https://demo.api.showpad.com/v4"

type object = map[string]any

func call(method, path string, status int, body any) object {
	sent, _ := json.Marshal(body)
	request, _ := http.NewRequest(method, base+path, bytes.NewReader(sent))
	request.Header.Set("Authorization", "Bearer "+os.Args[1])
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != status {
		panic(fmt.Sprint(answer.StatusCode, " ", string(text)))
	}
	var read object
	json.Unmarshal(text, &read)
	return read
}

func expect(isSo bool, what any) {
	if !isSo {
		panic(what)
	}
}

func main() {
	owner, newOwner, good, archived := os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	made := call("POST", "/shared-spaces", 201, object{"title": "Journey", "owner": object{"userId": owner}})
	path := "/shared-spaces/" + made["id"].(string)
	items := []object{{"type": "asset", "assetId": good}, {"type": "asset", "assetId": archived}}
	added := call("POST", path+"/items", 201, object{"items": items})
	summary := added["summary"].(object)
	expect(summary["assetSuccessCount"] == 1.0 && summary["assetFailureCount"] == 1.0, added)
	expect(added["failedItems"].([]any)[0].(object)["reason"] == "ARCHIVED", added)
	share := object{"title": "Journey", "origin": "Integration", "assets": []object{{"id": good}}}
	call("POST", "/shares", 201, share)
	call("POST", path+"/transfer-ownership", 204, object{"userId": newOwner})
	seen := map[any]bool{}
	for count := 1; len(seen) < count; {
		page := call("GET", fmt.Sprintf("/shared-spaces?limit=4&offset=%d", len(seen)), 200, nil)
		count = int(page["count"].(float64))
		for _, one := range page["items"].([]any) {
			seen[one.(object)["id"]] = true
		}
	}
	expect(seen[made["id"]], seen)
	call("DELETE", path, 204, nil)
}
