import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

public class Journey {
    static final String BASE = "https://demo.api.showpad.com/v4";
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static String token;

    static String call(String method, String path, int status, String body) throws Exception {
        var sent = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(URI.create(BASE + path)).method(method, sent)
            .header("Authorization", "Bearer " + token).header("Content-Type", "application/json").build();
        var answer = CLIENT.send(request, BodyHandlers.ofString());
        expect(answer.statusCode() == status, answer.statusCode() + " " + answer.body());
        return answer.body();
    }

    static void expect(boolean isSo, String what) {
        if (!isSo) throw new AssertionError(what);
    }

    static String first(String pattern, String text) {
        var found = Pattern.compile(pattern).matcher(text);
        expect(found.find(), text);
        return found.group(1);
    }

    public static void main(String[] given) throws Exception {
        token = given[0];
        String owner = given[1], newOwner = given[2], good = given[3], archived = given[4];
        var made = call("POST", "/shared-spaces", 201, """
            {"title": "Journey", "owner": {"userId": "%s"}}""".formatted(owner));
        var space = "/shared-spaces/" + first("^\\{\"id\":\"([^\"]+)\"", made);
        var added = call("POST", space + "/items", 201, """
            {"items": [{"type": "asset", "assetId": "%s"}, {"type": "asset", "assetId": "%s"}]}"""
            .formatted(good, archived));
        expect(added.contains("\"assetSuccessCount\":1,\"assetFailureCount\":1"), added);
        expect(first("\"reason\":\"(\\w+)\"", added).equals("ARCHIVED"), added);
        call("POST", "/shares", 201, """
            {"title": "Journey", "origin": "Integration", "assets": [{"id": "%s"}]}""".formatted(good));
        call("POST", space + "/transfer-ownership", 204, "{\"userId\": \"%s\"}".formatted(newOwner));
        var seen = new StringBuilder();
        for (int offset = 0, count = 1; offset < count; offset += 4) {
            var page = call("GET", "/shared-spaces?limit=4&offset=" + offset, 200, null);
            count = Integer.parseInt(first("^\\{\"count\":(\\d+)", page));
            seen.append(page);
        }
        expect(seen.toString().contains(space.substring(15)), seen.toString());
        call("DELETE", space, 204, null);
    }
}
