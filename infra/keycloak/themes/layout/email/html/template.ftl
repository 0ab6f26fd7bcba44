<#-- Around every e-mail. Style in the elements: many readers of e-mail drop style sheets. -->
<#macro emailLayout>
<html lang="${locale.language}" dir="${(ltr)?then('ltr','rtl')}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
</head>
<body style="margin: 0; padding: 24px 16px; font-family: system-ui, sans-serif; font-size: 16px; line-height: 1.5;">
  <div style="max-width: 560px; margin: 0 auto;">
    <p style="margin: 0 0 24px; padding-bottom: 12px; border-bottom: 3px solid #0172ad; font-size: 18px; font-weight: bold;">${(realmName)!}</p>
    <#nested>
    <p style="margin: 24px 0 0; padding-top: 12px; border-top: 1px solid #a0a9ba; font-size: 13px;">Sign in once, work everywhere, sign out everywhere.</p>
  </div>
</body>
</html>
</#macro>
