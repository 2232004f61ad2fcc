// Verifies a delivery as a receiver does, by the reference alone: arguments are signatures, timestamp and key.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	body, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	signatures, timestamp, key := os.Args[1], os.Args[2], os.Args[3]
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	mac.Write([]byte("." + timestamp))
	isVerified := false
	for _, one := range strings.Split(signatures, ",") {
		made, err := base64.StdEncoding.DecodeString(one)
		isVerified = isVerified || err == nil && hmac.Equal(made, mac.Sum(nil))
	}
	fmt.Print(isVerified)
}
