"""Clients of services and databases that take a secret by its place in the call: a table, no code.

Each row names the function as its library's documentation does; ``Class().method`` stands for a
method of an object that ``Class`` made. Keyword arguments need no row: their names speak.
"""

from __future__ import annotations

from dataclasses import dataclass

from stsec_magic.rules.secret_names import NameKind


@dataclass(frozen=True, slots=True)
class Client:
    """A function that takes a secret.

    Attributes:
        name: Its dotted name.
        arguments: By position, what the argument is called.
        kind: What kind of secret they are.
    """

    name: str
    arguments: dict[int, str]
    kind: NameKind


def _rows(kind: NameKind, text: str) -> list[Client]:
    rows = []
    for line in text.split("\n"):
        name, *arguments = line.split()
        pairs = (argument.split("=") for argument in arguments)
        rows.append(Client(name, {int(position): called for position, called in pairs}, kind))
    return rows


_PASSWORDS = _rows(
    NameKind.PASSWORD,
    """pymysql.connect 2=password
MySQLdb.connect 2=passwd
pymssql.connect 2=password
cx_Oracle.connect 1=password
oracledb.connect 1=password
neo4j.basic_auth 1=password
requests.auth.HTTPBasicAuth 1=password
requests.auth.HTTPDigestAuth 1=password
requests.auth.HTTPProxyAuth 1=password
requests_ntlm.HttpNtlmAuth 1=password
httpx.BasicAuth 1=password
httpx.DigestAuth 1=password
aiohttp.BasicAuth 1=password
urllib.request.HTTPPasswordMgrWithDefaultRealm().add_password 3=passwd
urllib.request.HTTPPasswordMgr().add_password 3=passwd
smtplib.SMTP().login 1=password
smtplib.SMTP_SSL().login 1=password
imaplib.IMAP4().login 1=password
imaplib.IMAP4_SSL().login 1=password
imap_tools.MailBox().login 1=password
poplib.POP3().pass_ 0=password
poplib.POP3_SSL().pass_ 0=password
ftplib.FTP 2=passwd
ftplib.FTP().login 1=passwd
ftplib.FTP_TLS 2=passwd
ftplib.FTP_TLS().login 1=passwd
paramiko.SSHClient().connect 3=password
paramiko.Transport().auth_password 1=password
yagmail.SMTP 1=password
exchangelib.Credentials 1=password
exchangelib.ServiceAccount 1=password
ldap3.Connection 2=password
ldap.initialize().simple_bind_s 1=password
pika.PlainCredentials 1=password
cassandra.auth.PlainTextAuthProvider 1=password
couchbase.auth.PasswordAuthenticator 1=password
sqlalchemy.URL.create 2=password
sqlalchemy.engine.URL.create 2=password
sqlalchemy.engine.url.URL.create 2=password
sqlalchemy.engine.url.URL 2=password
tableauserverclient.TableauAuth 1=password
instaloader.Instaloader().login 1=passwd
robin_stocks.robinhood.login 1=password
robin_stocks.login 1=password
kiteconnect.KiteConnect().generate_session 1=api_secret
sentinelsat.SentinelAPI 1=password
paho.mqtt.client.Client().username_pw_set 1=password
zeep.wsse.username.UsernameToken 1=password
garminconnect.Garmin 1=password
smb.SMBConnection.SMBConnection 1=password
github3.login 1=password
instagram_private_api.Client 1=password
linkedin_api.Linkedin 1=password
vk_api.VkApi 1=password""",
)
_TOKENS = _rows(
    NameKind.SECRET,
    """tweepy.OAuthHandler 0=consumer_key 1=consumer_secret
tweepy.OAuth1UserHandler 0=consumer_key 1=consumer_secret 2=access_token 3=access_token_secret
tweepy.AppAuthHandler 0=consumer_key 1=consumer_secret
tweepy.OAuthHandler().set_access_token 0=access_token 1=access_token_secret
tweepy.OAuth1UserHandler().set_access_token 0=access_token 1=access_token_secret
tweepy.OAuth2BearerHandler 0=bearer_token
tweepy.Client 0=bearer_token 1=consumer_key 2=consumer_secret 3=access_token 4=access_token_secret
tweepy.StreamingClient 0=bearer_token
tweepy.Stream 0=consumer_key 1=consumer_secret 2=access_token 3=access_token_secret
twython.Twython 0=app_key 1=app_secret 2=oauth_token 3=oauth_token_secret
twython.TwythonStreamer 0=app_key 1=app_secret 2=oauth_token 3=oauth_token_secret
twitter.OAuth 0=access_token 1=access_token_secret 2=consumer_key 3=consumer_secret
twitter.oauth.OAuth 0=access_token 1=access_token_secret 2=consumer_key 3=consumer_secret
twitter.Api 0=consumer_key 1=consumer_secret 2=access_token 3=access_token_secret
TwitterAPI.TwitterAPI 0=consumer_key 1=consumer_secret 2=access_token 3=access_token_secret
requests_oauthlib.OAuth1 0=client_key 1=client_secret 2=resource_owner_key 3=resource_owner_secret
requests_oauthlib.OAuth1Session 1=client_secret
oauth2.Consumer 1=secret
oauth2.Token 1=secret
oauthlib.oauth1.Client 1=client_secret
rauth.OAuth1Service 1=consumer_secret
spotipy.oauth2.SpotifyClientCredentials 1=client_secret
spotipy.SpotifyClientCredentials 1=client_secret
spotipy.oauth2.SpotifyOAuth 1=client_secret
spotipy.SpotifyOAuth 1=client_secret
spotipy.util.prompt_for_user_token 3=client_secret
lyricsgenius.Genius 0=access_token
flickrapi.FlickrAPI 0=api_key 1=secret
github.Github 0=token
gitlab.Gitlab 1=private_token
slack_sdk.WebClient 0=token
slack_sdk.web.WebClient 0=token
slack.WebClient 0=token
slackclient.SlackClient 0=token
slacker.Slacker 0=token
telegram.Bot 0=token
telegram.ext.Updater 0=token
telebot.TeleBot 0=token
telepot.Bot 0=token
aiogram.Bot 0=token
discord.Client().run 0=token
discord.ext.commands.Bot().run 0=token
discord.Bot().run 0=token
linebot.LineBotApi 0=channel_access_token
linebot.WebhookHandler 0=channel_secret
huggingface_hub.login 0=token
huggingface_hub.HfApi 1=token
cohere.Client 0=api_key
mistralai.client.MistralClient 0=api_key
elevenlabs.set_api_key 0=api_key
deepl.Translator 0=auth_key
deepgram.Deepgram 0=api_key
deepgram.DeepgramClient 0=api_key
pinecone.Pinecone 0=api_key
pinecone.init 0=api_key
weaviate.auth.AuthApiKey 0=api_key
weaviate.AuthApiKey 0=api_key
weaviate.classes.init.Auth.api_key 0=api_key
roboflow.Roboflow 0=api_key
comet_ml.Experiment 0=api_key
apify_client.ApifyClient 0=token
replicate.Client 0=api_token
tavily.TavilyClient 0=api_key
firecrawl.FirecrawlApp 0=api_key
exa_py.Exa 0=api_key
azure.core.credentials.AzureKeyCredential 0=key
azure.identity.ClientSecretCredential 2=client_secret
azure.common.credentials.ServicePrincipalCredentials 1=secret
msrest.authentication.CognitiveServicesCredentials 0=subscription_key
msrest.authentication.ApiKeyCredentials 0=key
azure.storage.blob.BlockBlobService 1=account_key
azure.storage.blob.BlobServiceClient 1=credential
azure.cosmos.CosmosClient 1=credential
azureml.core.authentication.ServicePrincipalAuthentication 2=service_principal_password
ibm_cloud_sdk_core.authenticators.IAMAuthenticator 0=apikey
ibm_cloud_sdk_core.IAMAuthenticator 0=apikey
ibm_watson.IAMAuthenticator 0=apikey
qiskit.IBMQ.save_account 0=token
qiskit.IBMQ.enable_account 0=token
qiskit_ibm_runtime.QiskitRuntimeService.save_account 1=token
boto.connect_s3 0=aws_access_key_id 1=aws_secret_access_key
boto.s3.connection.S3Connection 0=aws_access_key_id 1=aws_secret_access_key
boto3.client 6=aws_access_key_id 7=aws_secret_access_key 8=aws_session_token
boto3.session.Session 0=aws_access_key_id 1=aws_secret_access_key 2=aws_session_token
boto3.Session 0=aws_access_key_id 1=aws_secret_access_key 2=aws_session_token
minio.Minio 1=access_key 2=secret_key
oss2.Auth 1=access_key_secret
qcloud_cos.CosConfig 2=secret_key
tencentcloud.common.credential.Credential 1=secret_key
aip.AipOcr 1=api_key 2=secret_key
aip.AipNlp 1=api_key 2=secret_key
aip.AipSpeech 1=api_key 2=secret_key
twilio.rest.Client 1=auth_token
sendgrid.SendGridAPIClient 0=api_key
mailjet_rest.Client 1=api_secret
plaid.Client 1=secret
binance.client.Client 0=api_key 1=api_secret
binance.Client 0=api_key 1=api_secret
binance.spot.Spot 0=api_key 1=api_secret
krakenex.API 0=key 1=secret
coinbase.wallet.client.Client 0=api_key 1=api_secret
cbpro.AuthenticatedClient 0=key 1=b64secret 2=passphrase
bitmex.bitmex 1=api_key 2=api_secret
alpaca_trade_api.REST 0=key_id 1=secret_key
alpaca.trading.client.TradingClient 0=api_key 1=secret_key
alpaca.data.historical.StockHistoricalDataClient 0=api_key 1=secret_key
alpha_vantage.timeseries.TimeSeries 0=key
alpha_vantage.fundamentaldata.FundamentalData 0=key
fredapi.Fred 0=api_key
polygon.RESTClient 0=api_key
polygon.rest.RESTClient 0=api_key
finnhub.Client 0=api_key
tushare.pro_api 0=token
tushare.set_token 0=token
eodhd.APIClient 0=api_key
twelvedata.TDClient 0=apikey
newsapi.NewsApiClient 0=api_key
newsapi.newsapi_client.NewsApiClient 0=api_key
pyowm.OWM 0=api_key
googlemaps.Client 0=key
gmaps.configure 0=api_key
openrouteservice.Client 0=key
opencage.geocoder.OpenCageGeocode 0=key
geopy.geocoders.GoogleV3 0=api_key
geopy.geocoders.Bing 0=api_key
geopy.geocoders.OpenCage 0=api_key
mapbox.Geocoder 0=access_token
plotly.express.set_mapbox_access_token 0=access_token
census.Census 0=key
us_census.Census 0=key
sodapy.Socrata 1=app_token
pyyoutube.Api 0=api_key
omdb.set_default 1=apikey
riotwatcher.LolWatcher 0=api_key
riotwatcher.RiotWatcher 0=api_key
steam.webapi.WebAPI 0=key
stravalib.Client 0=access_token
fitbit.Fitbit 1=client_secret
yelpapi.YelpAPI 0=api_key
yelp.client.Client 0=api_key
foursquare.Foursquare 1=client_secret
wolframalpha.Client 0=app_id
shodan.Shodan 0=key
vt.Client 0=apikey
virus_total_apis.PublicApi 0=api_key
pushbullet.Pushbullet 0=api_key
pushbullet.PushBullet 0=api_key
dropbox.Dropbox 0=oauth2_access_token
dropbox.client.DropboxClient 0=token
boxsdk.OAuth2 1=client_secret
airtable.Airtable 2=api_key
pyairtable.Api 0=api_key
pyairtable.Table 0=api_key
notion_client.Client 0=auth
asana.Client.access_token 0=token
trello.TrelloClient 0=api_key 1=api_secret
influxdb_client.InfluxDBClient 1=token
algoliasearch.search_client.SearchClient.create 1=api_key
wandb.login 1=key
tableauserverclient.PersonalAccessTokenAuth 1=personal_access_token
jwt.encode 1=key
jwt.decode 1=key
jose.jwt.encode 1=key
jose.jwt.decode 1=key
itsdangerous.URLSafeTimedSerializer 0=secret_key
itsdangerous.URLSafeSerializer 0=secret_key
cryptography.fernet.Fernet 0=key
Crypto.Cipher.AES.new 0=key
Cryptodome.Cipher.AES.new 0=key
planet.api.ClientV1 0=api_key
mp_api.client.MPRester 0=api_key
pymatgen.ext.matproj.MPRester 0=api_key
pymatgen.MPRester 0=api_key
semanticscholar.SemanticScholar 1=api_key
elsapy.elsclient.ElsClient 0=api_key
textrazor.TextRazor 0=api_key
monkeylearn.MonkeyLearn 0=token
paralleldots.set_api_key 0=api_key
meaningcloud.TopicsRequest 0=key
facebook.GraphAPI 0=access_token
pyfacebook.GraphAPI 1=app_secret
vk.Session 0=access_token""",
)

CLIENTS: dict[str, Client] = {client.name: client for client in (*_PASSWORDS, *_TOKENS)}
"""Every client by its dotted name."""

AUTH = frozenset(("auth", "basic_auth", "http_auth", "proxy_auth"))
"""Keyword arguments that take a pair of user and password, of whatever function."""

FUNCTIONS: dict[str, set[str]] = {}
"""By library, in lower case, the last parts of its clients' names."""

for _client in CLIENTS:
    FUNCTIONS.setdefault(_client.partition(".")[0].lower(), set()).add(_client.rpartition(".")[2])

_LASTS = {name.rpartition(".")[2]: client for name, client in CLIENTS.items()}

BY_CLASS: dict[str, Client] = {
    last: client for last, client in _LASTS.items() if sum(map(str.isupper, last)) > 1 and not last.isupper()
}
"""Clients by a class name that says enough where its import isn't seen."""

WORDS: frozenset[str] = frozenset((*FUNCTIONS, *map(str.lower, BY_CLASS)))
"""Identifiers of which one stands in code that calls a client. Their methods' names, login and run, are too common."""
