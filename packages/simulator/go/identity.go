package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"net"
	"os"
	"time"
)

// identity is what the server shows: certificate, its PEM and the lower-case
// hexadecimal SHA-256 of its DER form.
type identity struct {
	certificate tls.Certificate
	pem         string
	sha256      string
}

// loadIdentity reads the pair, or makes a self-signed one. Given file names
// that don't exist yet, the new pair is written there.
func loadIdentity(certFile, keyFile string) (*identity, error) {
	var certPem, keyPem []byte
	var err error
	if certFile != "" && keyFile != "" {
		certPem, err = os.ReadFile(certFile)
		if err == nil {
			keyPem, err = os.ReadFile(keyFile)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if certPem == nil || keyPem == nil {
		if certPem, keyPem, err = makeCertificate(time.Now()); err != nil {
			return nil, err
		}
		if certFile != "" && keyFile != "" {
			if err = os.WriteFile(certFile, certPem, 0o600); err != nil {
				return nil, err
			}
			if err = os.WriteFile(keyFile, keyPem, 0o600); err != nil {
				return nil, err
			}
		}
	}

	pair, err := tls.X509KeyPair(certPem, keyPem)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(pair.Certificate[0])
	return &identity{certificate: pair, pem: string(certPem), sha256: hex.EncodeToString(sum[:])}, nil
}

func makeCertificate(now time.Time) (certPem, keyPem []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "localhost", Organization: []string{"Wirebook test vCenter"}},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(365 * 24 * time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		// Self-signed and its own authority, so that a client can be given it as the one CA it trusts.
		IsCA:        true,
		DNSNames:    []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	keyDer, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	certPem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPem = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDer})
	return certPem, keyPem, nil
}
